/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads the headers of a packet at whatever point of its way the kernel holds it. */
#ifndef KTAPE_PACKET_H
#define KTAPE_PACKET_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include "kernel.h"

#define HEADER_UNSET 0xffff
#define IPV4_FRAGMENT_OFFSET 0x1fff
#define IPV6_FRAGMENT_OFFSET 0xfff8
#define MAX_IPV6_EXTENSIONS 6

/* What was found, layer by layer: each `has_` tells whether the fields after it mean anything. */
struct packet {
	bool has_ip;
	__u8 protocol;
	__u32 source_address[4];	/* IPv4 as IPv4-mapped IPv6 */
	__u32 destination_address[4];
	bool has_ports;
	__u16 source_port;
	__u16 destination_port;
	bool has_tcp_flags;
	__u8 tcp_flags;
};

/* Copies a header out of the packet unless part of it is not there (in another fragment, or cut). */
static __always_inline bool read_header(struct sk_buff *skb, void *to, __u32 bytes, __u32 at)
{
	return at + bytes <= skb->tail && !bpf_probe_read_kernel(to, bytes, skb->head + at);
}

static __always_inline void read_transport(struct sk_buff *skb, struct packet *packet, __u32 at)
{
	__be16 ports[2];
	__u8 tcp_flags;

	switch (packet->protocol) {
	case IPPROTO_TCP:
		packet->has_tcp_flags = read_header(skb, &tcp_flags, sizeof(tcp_flags), at + 13);
		if (packet->has_tcp_flags)
			packet->tcp_flags = tcp_flags;
		/* fall through */
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		packet->has_ports = read_header(skb, ports, sizeof(ports), at);
		if (packet->has_ports) {
			packet->source_port = bpf_ntohs(ports[0]);
			packet->destination_port = bpf_ntohs(ports[1]);
		}
	}
}

static __always_inline void read_ipv4(struct sk_buff *skb, struct packet *packet, __u32 at)
{
	struct iphdr ip;

	if (!read_header(skb, &ip, sizeof(ip), at) || ip.version != 4 || ip.ihl < 5)
		return;
	packet->has_ip = true;
	packet->protocol = ip.protocol;
	packet->source_address[2] = packet->destination_address[2] = bpf_htonl(0xffff);
	packet->source_address[3] = ip.saddr;
	packet->destination_address[3] = ip.daddr;
	if (!(bpf_ntohs(ip.frag_off) & IPV4_FRAGMENT_OFFSET))
		read_transport(skb, packet, at + ip.ihl * 4);
}

static __always_inline void read_ipv6(struct sk_buff *skb, struct packet *packet, __u32 at)
{
	struct ipv6hdr ip;
	struct { __u8 next, length; __be16 fragment_offset; } extension;

	if (!read_header(skb, &ip, sizeof(ip), at) || ip.version != 6)
		return;
	packet->has_ip = true;
	packet->protocol = ip.nexthdr;
	__builtin_memcpy(packet->source_address, &ip.saddr, sizeof(ip.saddr));
	__builtin_memcpy(packet->destination_address, &ip.daddr, sizeof(ip.daddr));
	at += sizeof(ip);
	for (int i = 0; i < MAX_IPV6_EXTENSIONS; i++) {
		bool fragment = packet->protocol == IPPROTO_FRAGMENT;

		if (!fragment && packet->protocol != IPPROTO_HOPOPTS &&
		    packet->protocol != IPPROTO_ROUTING && packet->protocol != IPPROTO_DSTOPTS)
			break;
		if (!read_header(skb, &extension, sizeof(extension), at))
			return;
		packet->protocol = extension.next;
		if (fragment && (bpf_ntohs(extension.fragment_offset) & IPV6_FRAGMENT_OFFSET))
			return;
		at += fragment ? 8 : (extension.length + 1) * 8;
	}
	read_transport(skb, packet, at);
}

/*
 * The transport header is found from the IP header: skb->transport_header is not set on all ways.
 * Before the stack has set the network header, a received packet's data begin with it.
 */
static __always_inline void read_packet(struct sk_buff *skb, struct packet *packet)
{
	__u32 at = skb->network_header;

	if (!at && skb->mac_header != HEADER_UNSET)
		at = skb->data - skb->head;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		read_ipv4(skb, packet, at);
	else if (skb->protocol == bpf_htons(ETH_P_IPV6))
		read_ipv6(skb, packet, at);
}

/* Packets on the wire that this one stands for. */
static __always_inline __u16 segments_of(struct sk_buff *skb)
{
	struct skb_shared_info *info = (void *)(skb->head + skb->end);
	__u16 segments = BPF_CORE_READ(info, gso_segs);

	return segments ? segments : 1;
}

#endif
