-- Dropped connections, and the policies that deny them
--
-- Needs: policy_verdicts
--
-- Parameters:
--   grades VARCHAR = 'proven,consistent,unknown' of proven, consistent, not a policy, unknown: Which grades to
--     show, separated by commas; `not a policy` is the fourth.
--
-- Columns:
--   source VARCHAR: Who opened the connection, or where that is not known who sent the packets: namespace/workload, or
--     the address of what is no known pod.
--   destination VARCHAR: The other end, likewise.
--   opener_known BOOLEAN: Whether it is known which end opened the connection.
--   destination_port INTEGER: Port; NULL for protocols without ports.
--   protocol VARCHAR: Transport protocol.
--   grade VARCHAR: How sure it is that a policy dropped it: `proven`, `consistent`, `not a policy` or `unknown`.
--   why VARCHAR: What speaks for the grade, by the first packet.
--   seen_by VARCHAR: Who saw the drops: `kernel`, or the tool of imported flows: `hubble`, `netobserv`.
--   direction VARCHAR: `ingress` or `egress`: the side whose policies deny it, or cannot be judged.
--   policies VARCHAR[]: The policies that decide in that direction: all that isolate the pod, or the one that denies.
--     As namespace/name; other kinds than NetworkPolicy with their kind.
--   changed_time TIMESTAMP_NS: When the change that began the denial was seen; NULL when none was.
--   changed_object VARCHAR: What was changed.
--   change VARCHAR: The change in words.
--   allowed_before BOOLEAN: Whether the connection was allowed before that change; NULL when that is not known.
--   first_drop TIMESTAMP_NS: When the first packet was dropped.
--   last_drop TIMESTAMP_NS: When the last packet was dropped.
--   packets BIGINT: Packets dropped, in both directions of the connections.
--   attempts BIGINT: Connections that could not be opened: distinct addresses and ports of dropped SYNs.
--   reasons VARCHAR[]: Reasons that the kernel, or Cilium, gave.
--
-- Read: `proven` means that the data plane itself named the policies; `consistent` means that the reason given is one that policies cause and that the
--   policies valid at that moment deny the connection; `unknown` means that the recording lacks what would tell. A policy that allows a
--   connection never appears as its dropper, whatever the kernel's reason.
-- Empty: No dropped packet belongs to a connection of the grades asked for.
-- Draw: timeline destination first_drop last_drop
WITH dropped AS (
  SELECT
    *,
    coalesce(source_namespace || '/' || coalesce(source_workload, source_pod), source_address) AS source,
    coalesce(destination_namespace || '/' || coalesce(destination_workload, destination_pod), destination_address) AS destination,
    initiator <> 'unknown' AS opener_known
  FROM policy_verdicts
  WHERE time >= $since AND time < $until
    AND list_contains(list_transform(string_split($grades, ','), lambda item: trim(item)), grade)
),
pairs AS (
  SELECT
    source,
    destination,
    opener_known,
    destination_port,
    protocol,
    seen_by,
    grade,
    direction,
    policies,
    changed_time,
    changed_object,
    change,
    allowed_before,
    arg_min(why, time) AS why,
    min(time) AS first_drop,
    max(last_time) AS last_drop,
    sum(packets)::BIGINT AS packets,
    count(DISTINCT (source_address, source_port, destination_address)) FILTER (tcp_flags = 'SYN') AS attempts,
    list_sort(list(DISTINCT reason)) AS reasons
  FROM dropped
  GROUP BY
    source, destination, opener_known, destination_port, protocol, seen_by, grade, direction,
    policies, changed_time, changed_object, change, allowed_before
)
SELECT
  source,
  destination,
  opener_known,
  destination_port,
  protocol,
  grade,
  why,
  seen_by,
  direction,
  policies,
  changed_time,
  changed_object,
  change,
  allowed_before,
  first_drop,
  last_drop,
  packets,
  attempts,
  reasons
FROM pairs
ORDER BY
  list_position(['proven', 'consistent', 'unknown', 'not a policy'], grade),
  packets DESC,
  first_drop,
  last_drop,
  destination_port,
  source,
  destination,
  opener_known,
  seen_by;

-- Coverage
SELECT
  'Packets dropped for other reasons than a policy: '
    || string_agg(reason || ' ' || packets, ', ' ORDER BY packets DESC, reason) || '.' AS sentence
FROM (
  SELECT reason, sum(packets)::BIGINT AS packets
  FROM policy_verdicts
  WHERE time >= $since AND time < $until AND grade = 'not a policy'
  GROUP BY reason
)
HAVING count(*) > 0 AND NOT contains($grades, 'not a policy')
UNION ALL
SELECT 'Not judged, for want of IP addresses or a protocol: ' || counted(sum(packets)::BIGINT, 'dropped packet') || '.'
FROM policy_verdicts
WHERE time >= $since AND time < $until AND grade IS NULL
HAVING count(*) > 0
UNION ALL
SELECT DISTINCT unnest(left_out)
FROM policy_verdicts
WHERE time >= $since AND time < $until
