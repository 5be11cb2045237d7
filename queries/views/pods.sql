-- Pods, a row for each version
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   namespace VARCHAR: Namespace.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id.
--   workload_kind VARCHAR: Kind of the outermost recorded owner, such as `Deployment`; `Pod` when nothing owns it.
--   workload_name VARCHAR: Name of that owner.
--   node_name VARCHAR: Node it runs on; NULL before it is scheduled.
--   phase VARCHAR: `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
--   ready BOOLEAN: Whether its condition Ready is true.
--   addresses VARCHAR[]: Addresses that it reports; see pod_addresses for which are its own and when.
--   host_network BOOLEAN: Whether it shares the network of its node.
--   restarts BIGINT: Restarts of its containers so far.
--   images VARCHAR[]: Images of its containers.
--   labels MAP(VARCHAR, VARCHAR): Labels.
--   deleting_since TIMESTAMP_NS: When its deletion was asked for; NULL if it was not.
--   object JSON: The object.
WITH versions AS (
  SELECT
    *,
    from_json(
      object -> '$.metadata.ownerReferences',
      '[{"kind": "VARCHAR", "name": "VARCHAR", "controller": "BOOLEAN"}]'
    ) AS owners
  FROM kubernetes_versions
  WHERE kind IN ('Pod', 'ReplicaSet', 'Job')
),
owned AS (
  SELECT *, list_filter(owners, lambda owner: owner.controller)[1] AS controller FROM versions
),
-- An object's controller never changes.
controllers AS (
  SELECT namespace, kind, name, any_value(controller) AS controller
  FROM owned
  WHERE kind <> 'Pod'
  GROUP BY ALL
)
SELECT
  pod.valid_from,
  pod.valid_to,
  pod.namespace,
  pod.name,
  pod.uid,
  coalesce(outer_owner.controller.kind, pod.controller.kind, 'Pod') AS workload_kind,
  coalesce(outer_owner.controller.name, pod.controller.name, pod.name) AS workload_name,
  pod.object ->> '$.spec.nodeName' AS node_name,
  pod.object ->> '$.status.phase' AS phase,
  coalesce(
    list_contains(
      from_json(pod.object -> '$.status.conditions', '[{"type": "VARCHAR", "status": "VARCHAR"}]'),
      {'type': 'Ready', 'status': 'True'}
    ),
    false
  ) AS ready,
  coalesce(
    nullif(pod.object ->> '$.status.podIPs[*].ip', []),
    list_filter([pod.object ->> '$.status.podIP'], lambda ip: ip IS NOT NULL)
  ) AS addresses,
  coalesce((pod.object ->> '$.spec.hostNetwork')::BOOLEAN, false) AS host_network,
  coalesce(
    list_sum((pod.object ->> '$.status.containerStatuses[*].restartCount')::BIGINT[]),
    0
  )::BIGINT AS restarts,
  pod.object ->> '$.spec.containers[*].image' AS images,
  coalesce((pod.object -> '$.metadata.labels')::MAP(VARCHAR, VARCHAR), MAP {}) AS labels,
  try_cast(pod.object ->> '$.metadata.deletionTimestamp' AS TIMESTAMP_NS) AS deleting_since,
  pod.object
FROM owned AS pod
LEFT JOIN controllers AS outer_owner
  ON outer_owner.namespace = pod.namespace
  AND outer_owner.kind = pod.controller.kind
  AND outer_owner.name = pod.controller.name
WHERE pod.kind = 'Pod'
