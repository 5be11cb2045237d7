-- Which pod had which address, and when
--
-- Needs: pods
--
-- Columns:
--   valid_from TIMESTAMP_NS: When the pod was first seen with the address.
--   valid_to TIMESTAMP_NS: Until when it is known to have had it: its deletion, its end (phase Succeeded or Failed),
--     or an interruption of the watch; NULL if to the end of the recording.
--   address VARCHAR: The address.
--   namespace VARCHAR: Namespace of the pod.
--   name VARCHAR: Name of the pod.
--   uid VARCHAR: Unique id of the pod.
--   workload_kind VARCHAR: Kind of the workload that owns the pod.
--   workload_name VARCHAR: Name of the workload that owns the pod.
--   node_name VARCHAR: Node it runs on.
--   host_network BOOLEAN: Whether the address is that of the node, shared with other pods.
WITH held AS (
  SELECT * EXCLUDE addresses, unnest(addresses) AS address
  FROM pods
  WHERE phase IS NULL OR phase NOT IN ('Succeeded', 'Failed')
),
-- Versions that follow each other without a break are one stretch.
marked AS (
  SELECT *, valid_from IS DISTINCT FROM lag(valid_to) OVER history AS begins
  FROM held
  WINDOW history AS (PARTITION BY namespace, name, uid, address ORDER BY valid_from)
),
numbered AS (
  SELECT
    *,
    count(*) FILTER (begins) OVER (
      PARTITION BY namespace, name, uid, address
      ORDER BY valid_from
      ROWS UNBOUNDED PRECEDING
    ) AS stretch
  FROM marked
)
SELECT
  min(valid_from) AS valid_from,
  -- NULL of the last version is later than every time.
  CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS valid_to,
  address,
  namespace,
  name,
  uid,
  any_value(workload_kind) AS workload_kind,
  any_value(workload_name) AS workload_name,
  any_value(node_name) AS node_name,
  bool_or(host_network) AS host_network
FROM numbered
GROUP BY address, namespace, name, uid, stretch
