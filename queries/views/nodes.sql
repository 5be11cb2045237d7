-- Nodes, a row for each version
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id.
--   addresses VARCHAR[]: Its addresses and host names.
--   pod_cidrs VARCHAR[]: Blocks from which its pods get their addresses.
--   ready BOOLEAN: Whether its condition Ready is true.
--   unschedulable BOOLEAN: Whether it is cordoned.
--   kubelet_version VARCHAR: Version of its kubelet.
--   labels MAP(VARCHAR, VARCHAR): Labels.
--   object JSON: The object.
SELECT
  valid_from,
  valid_to,
  name,
  uid,
  object ->> '$.status.addresses[*].address' AS addresses,
  coalesce(
    nullif(object ->> '$.spec.podCIDRs[*]', []),
    list_filter([object ->> '$.spec.podCIDR'], lambda block: block IS NOT NULL)
  ) AS pod_cidrs,
  coalesce(
    list_contains(
      from_json(object -> '$.status.conditions', '[{"type": "VARCHAR", "status": "VARCHAR"}]'),
      {'type': 'Ready', 'status': 'True'}
    ),
    false
  ) AS ready,
  coalesce((object ->> '$.spec.unschedulable')::BOOLEAN, false) AS unschedulable,
  object ->> '$.status.nodeInfo.kubeletVersion' AS kubelet_version,
  coalesce((object -> '$.metadata.labels')::MAP(VARCHAR, VARCHAR), MAP {}) AS labels,
  object
FROM kubernetes_versions
WHERE kind = 'Node'
