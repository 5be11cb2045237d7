-- Which cgroup is which pod's and container's
--
-- Needs: cgroups, pods
--
-- Columns:
--   node VARCHAR: Node that the cgroup is on.
--   cgroup_id UBIGINT: The kernel's number for it on that node.
--   valid_from TIMESTAMP_NS: When the number was first seen with this meaning after it had another, as can be once the
--     node has booted again; NULL if it had no other before.
--   valid_to TIMESTAMP_NS: When the number was first seen with another meaning; NULL if it never was.
--   path VARCHAR: Its path.
--   namespace VARCHAR: Namespace of the pod; NULL if the pod was not recorded.
--   name VARCHAR: Name of the pod; NULL if it was not recorded.
--   container VARCHAR: Name of the container; NULL for the pod as a whole, its sandbox, and a container that the pod
--     never reported.
--   workload_kind VARCHAR: Kind of the workload that owns the pod.
--   workload_name VARCHAR: Name of the workload that owns the pod.
--   pod_uid VARCHAR: Uid of the pod as the kubelet has it.
--   container_id VARCHAR: Id of the container as its runtime has it.
WITH meanings AS (
  SELECT
    node,
    cgroup_id,
    path,
    any_value(pod_uid) AS pod_uid,
    any_value(container_id) AS container_id,
    min(time) AS first_seen
  FROM cgroups
  GROUP BY node, cgroup_id, path
),
-- The kubelet knows a static pod by the hash of its manifest; the API server gave what mirrors it a uid of its own.
kubelet_pods AS (
  SELECT
    coalesce(object ->> '$.metadata.annotations."kubernetes.io/config.hash"', uid) AS pod_uid,
    any_value(namespace) AS namespace,
    any_value(name) AS name,
    any_value(workload_kind) AS workload_kind,
    any_value(workload_name) AS workload_name
  FROM pods
  GROUP BY ALL
),
statuses AS (
  SELECT unnest(
    list_concat(
      from_json(object -> '$.status.containerStatuses', '[{"name": "VARCHAR", "containerID": "VARCHAR"}]'),
      from_json(object -> '$.status.initContainerStatuses', '[{"name": "VARCHAR", "containerID": "VARCHAR"}]'),
      from_json(object -> '$.status.ephemeralContainerStatuses', '[{"name": "VARCHAR", "containerID": "VARCHAR"}]')
    )
  ) AS status
  FROM pods
),
-- A container id as pods report it has its runtime before it: containerd://3e6c….
containers AS (
  SELECT split_part(status.containerID, '://', 2) AS container_id, any_value(status.name) AS name
  FROM statuses
  GROUP BY ALL
)
SELECT
  node,
  cgroup_id,
  CASE WHEN row_number() OVER turns > 1 THEN first_seen END AS valid_from,
  lead(first_seen) OVER turns AS valid_to,
  path,
  namespace,
  kubelet_pods.name,
  containers.name AS container,
  workload_kind,
  workload_name,
  meanings.pod_uid,
  meanings.container_id
FROM meanings
LEFT JOIN kubelet_pods USING (pod_uid)
LEFT JOIN containers USING (container_id)
WINDOW turns AS (PARTITION BY node, cgroup_id ORDER BY first_seen)
QUALIFY meanings.pod_uid IS NOT NULL
