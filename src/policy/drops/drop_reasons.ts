import type { SeenBy } from './dropped_packet.js';

/**
 * Drop reasons that the data planes of network policies give, by their names in the kernel
 * (include/net/dropreason-core.h, net/openvswitch/drop.h), and who gives them. The same reasons also come of
 * other rules; only evaluating the policies tells these apart.
 */
const POLICY_DROP_REASONS: ReadonlyMap<string, string> = new Map([
  ['NETFILTER_DROP', 'netfilter (nftables, iptables)'],
  ['TC_INGRESS', 'an eBPF program or filter at traffic control ingress'],
  ['TC_EGRESS', 'an eBPF program or filter at traffic control egress'],
  ['BPF_CGROUP_EGRESS', 'an eBPF program at a cgroup'],
  ['XDP', 'an XDP program'],
  // A flow whose actions are empty drops with LAST_ACTION; one with an explicit drop action gives EXPLICIT.
  ['OVS_DROP_LAST_ACTION', 'an Open vSwitch flow'],
  ['OVS_DROP_EXPLICIT', 'an Open vSwitch flow'],
]);

/**
 * Reasons that Cilium gives for the decisions of policies and for nothing else (api/v1/flow/flow.proto): no rule
 * allowed it, a rule denied it, a rule asks for an authentication that was not there.
 */
const CILIUM_POLICY_REASONS: ReadonlySet<string> = new Set(['POLICY_DENIED', 'POLICY_DENY', 'AUTH_REQUIRED']);

/** Drops by kernels or places in them that give no reason: these rule nothing out. */
const WITHOUT_REASON: ReadonlySet<string> = new Set(['NOT_SPECIFIED', '']);

/** Who gives this reason, if a policy's data plane can; undefined when none does. */
export function policyDropper(reason: string): string | undefined {
  return POLICY_DROP_REASONS.get(shortReason(reason));
}

/** Whether the reason alone says that a policy decided so. */
export function isPolicyDecision(reason: string, seenBy: SeenBy): boolean {
  return seenBy === 'hubble' && CILIUM_POLICY_REASONS.has(reason);
}

/** Whether the kernel said no more than that it dropped the packet. */
export function isWithoutReason(reason: string): boolean {
  return WITHOUT_REASON.has(shortReason(reason));
}

/** Kernel enums carry a prefix that traces leave out. */
function shortReason(reason: string): string {
  return reason.replace(/^SKB_DROP_REASON_/, '');
}
