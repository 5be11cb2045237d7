/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose a packet is: its device, network namespace, socket and cgroup. */
#ifndef KTAPE_OWNER_H
#define KTAPE_OWNER_H

#include "kernel.h"

#define CGROUP_FLAGS 3
#define CGROUP_V1_DATA 1

/*
 * The device a packet is on, or NULL. In a socket's queue skb->dev holds other things, so it must prove
 * to be a device: its namespace's loopback device is in that same namespace.
 */
static __always_inline struct net_device *device_of(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct net *net = dev->nd_net.net;

	return net && net->loopback_dev->nd_net.net == net ? dev : NULL;
}

/* Inode of the namespace of the device, else of the socket; 0 with neither. */
static __always_inline __u32 network_namespace_of(struct net_device *dev, struct sock *sk)
{
	if (dev)
		return dev->nd_net.net->ns.inum;
	return sk ? sk->__sk_common.skc_net.net->ns.inum : 0;
}

/* Cgroup of the socket; 0 without one. The sockets of handshakes and of TIME_WAIT have no cgroup. */
static __always_inline __u64 cgroup_id_of(struct sock *sk)
{
	__u64 cgroup;

	if (!sk || !bpf_core_field_exists(sk->sk_cgrp_data) ||
	    sk->__sk_common.skc_state == BPF_TCP_TIME_WAIT ||
	    sk->__sk_common.skc_state == BPF_TCP_NEW_SYN_RECV)
		return 0;
	if (bpf_probe_read_kernel(&cgroup, sizeof(cgroup),
				  __builtin_preserve_access_index(&sk->sk_cgrp_data)) ||
	    (cgroup & CGROUP_V1_DATA))
		return 0;
	return BPF_CORE_READ((struct cgroup *)(cgroup & ~CGROUP_FLAGS), kn, id);
}

#endif
