-- Events as the cluster's components reported them, a row for each version of an event
--
-- Needs: kubernetes_versions
--
-- Columns:
--   time TIMESTAMP_NS: When it last happened, by the component's clock; where it did not say, when the recorder saw it.
--   seen TIMESTAMP_NS: When the recorder saw it.
--   type VARCHAR: `Normal` or `Warning`.
--   reason VARCHAR: Why, in one word, such as `BackOff`.
--   message VARCHAR: What happened.
--   object_kind VARCHAR: Kind of the object that it is about.
--   object_namespace VARCHAR: Namespace of that object; NULL for objects of the cluster.
--   object_name VARCHAR: Name of that object.
--   count BIGINT: How often it happened so far.
--   component VARCHAR: Who reported it.
WITH events AS (
  SELECT
    valid_from AS seen,
    object,
    -- core/v1 calls it involvedObject, events.k8s.io/v1 regarding.
    coalesce(object -> '$.involvedObject', object -> '$.regarding') AS subject
  FROM kubernetes_versions
  WHERE kind = 'Event'
)
SELECT
  coalesce(
    try_cast(object ->> '$.series.lastObservedTime' AS TIMESTAMP_NS),
    try_cast(object ->> '$.lastTimestamp' AS TIMESTAMP_NS),
    try_cast(object ->> '$.deprecatedLastTimestamp' AS TIMESTAMP_NS),
    try_cast(object ->> '$.eventTime' AS TIMESTAMP_NS),
    seen
  ) AS time,
  seen,
  object ->> '$.type' AS type,
  object ->> '$.reason' AS reason,
  coalesce(object ->> '$.message', object ->> '$.note') AS message,
  subject ->> '$.kind' AS object_kind,
  subject ->> '$.namespace' AS object_namespace,
  subject ->> '$.name' AS object_name,
  coalesce(
    object ->> '$.series.count',
    object ->> '$.count',
    object ->> '$.deprecatedCount',
    '1'
  )::BIGINT AS count,
  coalesce(
    object ->> '$.reportingComponent',
    object ->> '$.reportingController',
    object ->> '$.source.component',
    object ->> '$.deprecatedSource.component'
  ) AS component
FROM events
