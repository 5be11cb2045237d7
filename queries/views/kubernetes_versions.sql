-- Every version of every Kubernetes object, and from when to when it is known to have held
--
-- Needs: kubernetes_objects
--
-- Columns:
--   valid_from TIMESTAMP_NS: When the recorder first saw this version; nothing is known before the first list.
--   valid_to TIMESTAMP_NS: When the next version or the deletion was seen, the watch was interrupted, or a recorder's
--     first list did not show it any more; NULL if it held to the end of the recording.
--   observed VARCHAR: How it was first seen: `listed`, `added`, `modified` or `imported`.
--   kind VARCHAR: Kind, such as `Pod`.
--   api_version VARCHAR: Group and version, such as `apps/v1`.
--   namespace VARCHAR: Namespace; NULL for objects of the cluster.
--   name VARCHAR: Name.
--   uid VARCHAR: Unique id; NULL in manifests that give none.
--   resource_version VARCHAR: Version given by the API server; NULL in manifests that give none.
--   object JSON: The object.
WITH observations AS (
  SELECT
    *,
    observed IN ('deleted', 'vanished') AS is_end,
    coalesce(
      resource_version = lag(resource_version) OVER history AND observed NOT IN ('deleted', 'vanished'),
      false
    ) AS is_repeat
  FROM kubernetes_objects
  WHERE name IS NOT NULL
  WINDOW history AS (
    PARTITION BY kind, namespace, name, uid
    ORDER BY time, try_cast(resource_version AS UBIGINT)
  )
),
-- A relist, or a second recorder, shows again what was seen before: one version.
numbered AS (
  SELECT
    *,
    count(*) FILTER (NOT is_repeat) OVER (
      PARTITION BY kind, namespace, name, uid
      ORDER BY time, try_cast(resource_version AS UBIGINT)
      ROWS UNBOUNDED PRECEDING
    ) AS version
  FROM observations
),
versions AS (
  SELECT
    min(time) AS valid_from,
    max(time) AS last_seen,
    arg_min(observed, time) AS observed,
    kind,
    arg_min(api_version, time) AS api_version,
    namespace,
    name,
    uid,
    any_value(resource_version) AS resource_version,
    arg_min(object, time) AS object,
    bool_or(is_end) AS is_end,
    version
  FROM numbered
  GROUP BY kind, namespace, name, uid, version
),
followed AS (
  SELECT
    *,
    lead(valid_from) OVER (PARTITION BY kind, namespace, name, uid ORDER BY version) AS next_seen
  FROM versions
),
-- A recorder's first list shows every object that exists, in rows of its time.
first_lists AS (
  SELECT regexp_replace(kind, 'List$', '') AS kind, time, try_cast(resource_version AS UBIGINT) AS list_version
  FROM kubernetes_objects
  WHERE name IS NULL AND kind LIKE '%List' AND observed = 'listed'
)
SELECT
  valid_from,
  least(
    next_seen,
    (
      SELECT min(time)
      FROM losses
      WHERE source = 'kubernetes' AND time >= last_seen AND (subject IS NULL OR subject = kind)
    ),
    -- What ended while nobody recorded. Another recorder may have seen an object before this list came that is
    -- newer than the list: versions tell.
    (
      SELECT min(time)
      FROM first_lists
      WHERE first_lists.kind = followed.kind
        AND time > last_seen
        AND list_version >= try_cast(followed.resource_version AS UBIGINT)
    )
  ) AS valid_to,
  observed,
  kind,
  api_version,
  namespace,
  name,
  uid,
  resource_version,
  object::JSON AS object
FROM followed
WHERE NOT is_end
