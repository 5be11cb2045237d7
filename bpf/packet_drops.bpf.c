// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets that the kernel drops: everything freed by kfree_skb for a reason that is not success. */
#include "lib/emit.h"
#include "lib/packet.h"
#include "lib/owner.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum skb_drop_reason { SKB_NOT_DROPPED_YET, SKB_CONSUMED };

/* The tracepoint's record has a field for each argument of the kernel at hand. */
struct trace_event_raw_kfree_skb {
	enum skb_drop_reason reason;	/* since 5.17 */
	void *rx_sk;			/* since 6.11 */
} __attribute__((preserve_access_index));

#define has_argument(field) bpf_core_field_exists(struct trace_event_raw_kfree_skb, field)
#define is_reason(reason, name) \
	(bpf_core_enum_value_exists(enum skb_drop_reason, name) && \
	 (reason) == bpf_core_enum_value(enum skb_drop_reason, name))

static __always_inline void copy_headers(struct packet_drops_event *event, struct packet *packet)
{
	__u32 *present = &event->header.present;

	if (packet->has_ip) {
		*present |= PACKET_DROPS_HAS_SOURCE_ADDRESS | PACKET_DROPS_HAS_DESTINATION_ADDRESS |
			    PACKET_DROPS_HAS_PROTOCOL;
		event->protocol = packet->protocol;
		__builtin_memcpy(event->source_address, packet->source_address, 16);
		__builtin_memcpy(event->destination_address, packet->destination_address, 16);
	}
	if (packet->has_ports) {
		*present |= PACKET_DROPS_HAS_SOURCE_PORT | PACKET_DROPS_HAS_DESTINATION_PORT;
		event->source_port = packet->source_port;
		event->destination_port = packet->destination_port;
	}
	if (packet->has_tcp_flags) {
		*present |= PACKET_DROPS_HAS_TCP_FLAGS;
		event->tcp_flags = packet->tcp_flags;
	}
}

SEC("tp_btf/kfree_skb")
int packet_drops(__u64 *ctx)
{
	struct sk_buff *skb = (struct sk_buff *)ctx[0];
	__u32 reason = has_argument(reason) ? ctx[2] : 0;
	struct net_device *dev = device_of(skb);
	struct packet_drops_event *event;
	struct packet packet = {};
	struct sock *sk = skb->sk;

	if (has_argument(reason) &&
	    (is_reason(reason, SKB_NOT_DROPPED_YET) || is_reason(reason, SKB_CONSUMED)))
		return 0;
	if (!sk && has_argument(rx_sk))
		sk = (struct sock *)ctx[3];
	event = emit_reserve(PACKET_DROPS, packet_drops, reason);
	if (!event)
		return 0;
	event->time = bpf_ktime_get_boot_ns();
	event->reason = reason;
	read_packet(skb, &packet);
	copy_headers(event, &packet);
	event->length = skb->len;
	event->segments = segments_of(skb);
	if (dev && bpf_probe_read_kernel_str(event->interface, sizeof(event->interface), dev->name) > 1)
		event->header.present |= PACKET_DROPS_HAS_INTERFACE;
	event->network_namespace = network_namespace_of(dev, sk);
	event->cgroup_id = cgroup_id_of(sk);
	event->location = ctx[1];
	event->header.present |= PACKET_DROPS_HAS_LOCATION |
		(event->network_namespace ? PACKET_DROPS_HAS_NETWORK_NAMESPACE : 0) |
		(event->cgroup_id ? PACKET_DROPS_HAS_CGROUP_ID : 0);
	emit_submit(event);
	return 0;
}
