-- Addresses behind services by their EndpointSlices, a row for each version, address and port
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   namespace VARCHAR: Namespace.
--   service_name VARCHAR: The service.
--   slice_name VARCHAR: The EndpointSlice.
--   address VARCHAR: Address.
--   port BIGINT: Port; NULL means every port.
--   port_name VARCHAR: Name of the port.
--   protocol VARCHAR: `TCP`, `UDP` or `SCTP`.
--   ready BOOLEAN: Whether it takes new connections.
--   pod_name VARCHAR: The pod; NULL when it is none.
--   node_name VARCHAR: Node of the endpoint.
WITH slices AS (
  SELECT
    *,
    unnest(
      from_json(
        object -> '$.endpoints',
        '[{"addresses": ["VARCHAR"], "conditions": {"ready": "BOOLEAN"}, "nodeName": "VARCHAR",
           "targetRef": {"kind": "VARCHAR", "name": "VARCHAR"}}]'
      )
    ) AS endpoint
  FROM kubernetes_versions
  WHERE kind = 'EndpointSlice'
),
addressed AS (
  SELECT
    *,
    unnest(endpoint.addresses) AS address,
    coalesce(
      nullif(
        from_json(object -> '$.ports', '[{"name": "VARCHAR", "port": "BIGINT", "protocol": "VARCHAR"}]'),
        []
      ),
      [NULL]
    ) AS ports
  FROM slices
),
ported AS (
  SELECT *, unnest(ports) AS port_entry FROM addressed
)
SELECT
  valid_from,
  valid_to,
  namespace,
  object ->> '$.metadata.labels."kubernetes.io/service-name"' AS service_name,
  name AS slice_name,
  address,
  port_entry.port AS port,
  port_entry.name AS port_name,
  coalesce(port_entry.protocol, 'TCP') AS protocol,
  coalesce(endpoint.conditions.ready, true) AS ready,
  CASE WHEN endpoint.targetRef.kind = 'Pod' THEN endpoint.targetRef.name END AS pod_name,
  endpoint.nodeName AS node_name
FROM ported
