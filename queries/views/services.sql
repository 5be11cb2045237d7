-- Services, a row for each version
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   namespace VARCHAR: Namespace.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id.
--   type VARCHAR: `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
--   cluster_ips VARCHAR[]: Its addresses; `None` for a headless service.
--   selector MAP(VARCHAR, VARCHAR): Labels of the pods behind it; NULL when it selects none by itself.
--   ports JSON: Its ports, as in the object.
--   labels MAP(VARCHAR, VARCHAR): Labels.
--   object JSON: The object.
SELECT
  valid_from,
  valid_to,
  namespace,
  name,
  uid,
  object ->> '$.spec.type' AS type,
  coalesce(
    nullif(object ->> '$.spec.clusterIPs[*]', []),
    list_filter([object ->> '$.spec.clusterIP'], lambda ip: ip IS NOT NULL)
  ) AS cluster_ips,
  (object -> '$.spec.selector')::MAP(VARCHAR, VARCHAR) AS selector,
  object -> '$.spec.ports' AS ports,
  coalesce((object -> '$.metadata.labels')::MAP(VARCHAR, VARCHAR), MAP {}) AS labels,
  object
FROM kubernetes_versions
WHERE kind = 'Service'
