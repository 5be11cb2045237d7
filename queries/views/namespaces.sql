-- Namespaces, a row for each version
--
-- Needs: kubernetes_versions
--
-- Columns:
--   valid_from TIMESTAMP_NS: When this version was first seen.
--   valid_to TIMESTAMP_NS: Until when it is known to have held; NULL if to the end of the recording.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id.
--   phase VARCHAR: `Active` or `Terminating`.
--   labels MAP(VARCHAR, VARCHAR): Labels.
--   object JSON: The object.
SELECT
  valid_from,
  valid_to,
  name,
  uid,
  object ->> '$.status.phase' AS phase,
  coalesce((object -> '$.metadata.labels')::MAP(VARCHAR, VARCHAR), MAP {}) AS labels,
  object
FROM kubernetes_versions
WHERE kind = 'Namespace'
