-- Network policies, a row for each version
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   namespace VARCHAR: Namespace.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id.
--   pod_selector JSON: Which pods it is about; `{}` means all of the namespace.
--   policy_types VARCHAR[]: Directions that it isolates, `Ingress` and `Egress`; empty where the object leaves it to
--     the default.
--   ingress JSON: Rules that allow connections to the pods; NULL where there are none.
--   egress JSON: Rules that allow connections from the pods; NULL where there are none.
--   labels MAP(VARCHAR, VARCHAR): Labels.
--   object JSON: The object.
SELECT
  valid_from,
  valid_to,
  namespace,
  name,
  uid,
  coalesce(object -> '$.spec.podSelector', '{}'::JSON) AS pod_selector,
  object ->> '$.spec.policyTypes[*]' AS policy_types,
  object -> '$.spec.ingress' AS ingress,
  object -> '$.spec.egress' AS egress,
  coalesce((object -> '$.metadata.labels')::MAP(VARCHAR, VARCHAR), MAP {}) AS labels,
  object
FROM kubernetes_versions
WHERE kind = 'NetworkPolicy'
