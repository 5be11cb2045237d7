-- Packets that the kernel dropped, by reason and by who sent them to whom
--
-- Needs: packet_drops
--
-- Parameters:
--   top INTEGER = 20 from 1: How many rows to show.
--
-- Columns:
--   reason VARCHAR: The kernel's drop reason.
--   source_address VARCHAR: Source address of the packets; NULL when they were not IP.
--   destination_address VARCHAR: Destination address of the packets.
--   destination_port INTEGER: Destination port; NULL for protocols without ports.
--   protocol VARCHAR: Transport protocol.
--   location VARCHAR: Kernel function that dropped the last of them.
--   packets BIGINT: Packets on the wire.
--   attempts BIGINT: Connections whose opening was dropped: distinct source ports of SYNs.
--   first_drop TIMESTAMP_NS: When the first was dropped.
--   last_drop TIMESTAMP_NS: When the last was dropped.
--
-- Read: Some drops are part of normal work: packets to closed ports, or of connections that are already gone.
-- Empty: The kernel dropped no packet in the window.
-- Draw: bars reason packets
SELECT
  reason,
  source_address,
  destination_address,
  destination_port,
  protocol,
  arg_max(location, (time, location)) AS location,
  sum(segments)::BIGINT AS packets,
  count(DISTINCT source_port) FILTER (tcp_flags = 'SYN') AS attempts,
  min(time) AS first_drop,
  max(time) AS last_drop
FROM packet_drops
WHERE time >= $since AND time < $until
GROUP BY reason, source_address, destination_address, destination_port, protocol
ORDER BY packets DESC, first_drop, last_drop, reason, destination_port, source_address, destination_address
LIMIT $top;

-- Coverage
SELECT counted(count(*) - $top, 'more row') || '; --param top=' || count(*) || ' shows all.' AS sentence
FROM (
  SELECT DISTINCT reason, source_address, destination_address, destination_port, protocol
  FROM packet_drops
  WHERE time >= $since AND time < $until
)
HAVING count(*) > $top
