import { column, optional, table } from '../table.js';
import { T } from '../types.js';

export const flows = table({
  name: 'flows',
  doc: 'Flows as other tools saw and judged them, imported from their files.',
  source: 'import',
  columns: {
    time: column(
      T.time,
      "When Hubble saw it, or when netobserv's flow began; of netobserv's SQLite, which has no times, the time told to the import.",
    ),
    end_time: optional(T.time, "When netobserv's flow ended; NULL where the tool gives one time."),
    node: column(T.node, 'The machine that imported it.'),
    tool: column(T.enumeration, 'The tool that saw it: `hubble` or `netobserv`.'),
    node_name: optional(
      T.node,
      'The node that saw it: as Hubble names it, the cluster before a slash; for netobserv by its name where the flow tells it, else by its address.',
    ),
    event_type: optional(
      T.enumeration,
      'Type of the Cilium event, such as `drop`, `policy-verdict` or `trace`: one dropped packet can give both of the first two.',
    ),
    verdict: optional(
      T.enumeration,
      "Hubble's verdict, such as `FORWARDED`, `DROPPED`, `AUDIT` or `REDIRECTED`; of netobserv `DROPPED` where packets of the flow were dropped, else NULL since it judges nothing.",
    ),
    reason: optional(
      T.drop_reason,
      "Why it was dropped: Hubble's `DropReason` (`POLICY_DENIED` where no rule allowed it, `POLICY_DENY` where a rule denied it), or the kernel's reason of netobserv's last dropped packet, named as in `packet_drops`.",
    ),
    reason_code: optional(T.number, "Number of Hubble's reason, such as 133 for `POLICY_DENIED`."),
    source_address: optional(T.ip, 'Source address; NULL when not IP.'),
    source_port: optional(T.port, 'Source port; NULL for protocols without ports.'),
    destination_address: optional(T.ip, 'Destination address as the tool saw it.'),
    destination_port: optional(T.port, 'Destination port; NULL for protocols without ports.'),
    protocol: optional(T.ip_protocol, 'Transport protocol by its IANA keyword, else its number.'),
    tcp_flags: optional(
      T.tcp_flags,
      "TCP flags, such as `SYN` or `SYN,ACK`; of netobserv those of all the flow's packets, where a packet with both SYN and ACK counts as `SYN_ACK`.",
    ),
    icmp_type: optional(T.number, 'ICMP type; NULL when not ICMP.'),
    icmp_code: optional(T.number, 'ICMP code; NULL when not ICMP.'),
    traffic_direction: optional(
      T.enumeration,
      '`ingress` or `egress` as seen from the pod (Hubble) or the node (netobserv), where `inner` stays on the node.',
    ),
    is_reply: optional(
      T.flag,
      "Whether it goes from the server to the client, as the tool or netobserv's SYN tells; NULL when unknown.",
    ),
    interface: optional(T.interface, 'Network interfaces that it was seen on, separated by commas.'),
    source_namespace: optional(T.kubernetes_name, 'Namespace of the source.'),
    source_pod: optional(T.kubernetes_name, 'Pod of the source.'),
    source_workload: optional(T.kubernetes_name, 'Workload of the source.'),
    source_workload_kind: optional(
      T.kubernetes_kind,
      'Kind of that workload, such as `Deployment`; netobserv names a `Node` or `Service` so too.',
    ),
    source_labels: column(T.labels, "Labels of the source's Cilium identity, such as `k8s:app=web`."),
    destination_namespace: optional(T.kubernetes_name, 'Namespace of the destination.'),
    destination_pod: optional(T.kubernetes_name, 'Pod of the destination.'),
    destination_workload: optional(T.kubernetes_name, 'Workload of the destination.'),
    destination_workload_kind: optional(T.kubernetes_kind, 'Kind of that workload, such as `Deployment`.'),
    destination_labels: column(T.labels, "Labels of the destination's Cilium identity."),
    packets: optional(T.count, 'Packets of the flow; NULL for Hubble, which counts none.'),
    bytes: optional(T.bytes, 'Bytes of the flow; NULL for Hubble.'),
    dropped_packets: optional(T.count, 'Packets that netobserv saw dropped; NULL when none or Hubble.'),
    dropped_bytes: optional(T.bytes, 'Bytes that netobserv saw dropped; NULL when none or Hubble.'),
    ingress_allowed_by: column(
      T.policies,
      'Policies that the data plane named as allowing it into the destination: `Kind namespace/name`, or `Kind name` for those of the cluster.',
    ),
    ingress_denied_by: column(T.policies, 'Policies named as denying it into the destination.'),
    egress_allowed_by: column(T.policies, 'Policies named as allowing it out of the source.'),
    egress_denied_by: column(T.policies, 'Policies named as denying it out of the source.'),
  },
});
