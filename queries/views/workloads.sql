-- Workloads, a row for each version: Deployments, DaemonSets, StatefulSets, ReplicaSets, Jobs
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   kind VARCHAR: Kind.
--   namespace VARCHAR: Namespace.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id.
--   replicas BIGINT: Pods wanted; NULL for kinds that do not say.
--   ready_replicas BIGINT: Pods ready.
--   images VARCHAR[]: Images of the containers in its pod template.
--   labels MAP(VARCHAR, VARCHAR): Labels.
--   object JSON: The object.
SELECT
  valid_from,
  valid_to,
  kind,
  namespace,
  name,
  uid,
  coalesce(
    object ->> '$.spec.replicas',
    object ->> '$.status.desiredNumberScheduled',
    object ->> '$.spec.parallelism'
  )::BIGINT AS replicas,
  coalesce(
    object ->> '$.status.readyReplicas',
    object ->> '$.status.numberReady',
    object ->> '$.status.ready',
    '0'
  )::BIGINT AS ready_replicas,
  object ->> '$.spec.template.spec.containers[*].image' AS images,
  coalesce((object -> '$.metadata.labels')::MAP(VARCHAR, VARCHAR), MAP {}) AS labels,
  object
FROM kubernetes_versions
WHERE kind IN ('Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'Job')
