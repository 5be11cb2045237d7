/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How every probe sends its events, and how it counts those it could not send. */
#ifndef KTAPE_EMIT_H
#define KTAPE_EMIT_H

#include "kernel.h"
#include "loss.h"
#include "../gen/events.h"

/* The loader makes both maps and shares them among all probes; it sets the size of the ring. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, LOSS_KEYS);
	__type(key, struct loss_key);
	__type(value, __u64);
} losses SEC(".maps");

static __always_inline void count_loss(__u32 table, __u32 reason)
{
	struct loss_key key = { table, reason };
	__u64 none = 0;
	__u64 *count = bpf_map_lookup_elem(&losses, &key);

	if (!count) {
		bpf_map_update_elem(&losses, &key, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&losses, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline void *reserve(__u32 table, __u64 bytes, __u32 reason)
{
	struct event_header *header = bpf_ringbuf_reserve(&events, bytes, 0);

	if (!header) {
		count_loss(table, reason);
		return NULL;
	}
	__builtin_memset(header, 0, bytes);
	header->table = table;
	return header;
}

/*
 * Room for an event in the ring, all zero but its table; NULL when the ring is full, which is counted
 * under the reason that the event would have had.
 */
#define emit_reserve(TABLE, table, reason) \
	((struct table##_event *)reserve(TABLE_##TABLE, sizeof(struct table##_event), reason))

/* Sends the event. The loader looks every 100 ms by itself: it is woken only when the ring fills. */
static __always_inline void emit_submit(void *event)
{
	__u64 waiting = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);
	__u64 size = bpf_ringbuf_query(&events, BPF_RB_RING_SIZE);

	bpf_ringbuf_submit(event, waiting > size / 4 ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

#endif
