import { column, optional, table } from '../table.js';
import { T } from '../types.js';

export const packetDrops = table({
  name: 'packet_drops',
  doc: 'Packets that the kernel dropped, each with the reason the kernel gave.',
  source: 'kernel',
  columns: {
    time: column(T.boot_time, 'When the kernel freed the packet.'),
    node: column(T.node, 'The node that dropped it.'),
    reason: column(T.drop_reason, "The kernel's `skb_drop_reason` by its name in the running kernel."),
    source_address: optional(T.ip, 'Source address of the packet; NULL when the headers were not IP.'),
    source_port: optional(T.port, 'Source port; NULL for protocols without ports and later fragments.'),
    destination_address: optional(T.ip, 'Destination address as it was at the drop, after any translation.'),
    destination_port: optional(
      T.port,
      'Destination port; NULL for protocols without ports and later fragments.',
    ),
    protocol: optional(T.ip_protocol, 'Transport protocol by its IANA keyword, else its number.'),
    tcp_flags: optional(T.tcp_flags, 'TCP flags set, such as `SYN` or `SYN,ACK`; NULL when not TCP.'),
    length: column(T.packet_bytes, 'Bytes of the packet as the kernel held it, headers in place included.'),
    segments: column(T.packet_segments, 'Packets on the wire that this row stands for: more than 1 for GSO.'),
    interface: optional(T.interface, 'Network interface that the packet was on; NULL where it had none.'),
    network_namespace: optional(
      T.network_namespace,
      'Inode of the network namespace of the interface, else of the socket.',
    ),
    cgroup_id: optional(
      T.cgroup_id,
      "Cgroup of the packet's socket, the sender's on the way out and the receiver's where one was found; else NULL.",
    ),
    location: optional(T.kernel_location, 'Kernel function that dropped it.'),
  },
});
