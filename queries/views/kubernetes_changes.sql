-- What changed in the cluster: objects created and deleted, and every field that was edited
--
-- Needs: kubernetes_objects, kubernetes_versions
--
-- Columns:
--   time TIMESTAMP_NS: When the recorder saw the change; one made while the watch was interrupted is seen after it.
--   change VARCHAR: `created`, `changed` or `deleted`.
--   kind VARCHAR: Kind of the object.
--   namespace VARCHAR: Namespace of the object; NULL for objects of the cluster.
--   name VARCHAR: Name of the object.
--   uid VARCHAR: Unique id of the object.
--   path VARCHAR: The field that changed, such as `spec.ports[0].port`; NULL when the whole object came or went.
--   old_value VARCHAR: Its value before; NULL when it was not there.
--   new_value VARCHAR: Its value since; NULL when it is not there.
WITH first_seen AS (
  SELECT kind, min(valid_from) AS time FROM kubernetes_versions GROUP BY kind
),
versions AS (
  SELECT
    row_number() OVER (ORDER BY kind, namespace, name, uid, valid_from) AS edit,
    *,
    lag(object) OVER (PARTITION BY kind, namespace, name, uid ORDER BY valid_from) AS old_object
  FROM kubernetes_versions
  WHERE kind <> 'Event'
),
created AS (
  SELECT versions.*
  FROM versions
  JOIN first_seen USING (kind)
  WHERE old_object IS NULL
    AND (observed = 'added' OR try_cast(object ->> '$.metadata.creationTimestamp' AS TIMESTAMP_NS) > first_seen.time)
),
edited AS (
  SELECT * FROM versions WHERE old_object IS NOT NULL
),
-- Fields at the ends of the paths; an object or list without any is such an end itself.
old_fields AS (
  SELECT edit, field.fullkey, coalesce(field.atom, field.value) ->> '$' AS value
  FROM edited, json_tree(edited.old_object) AS field
  WHERE field.atom IS NOT NULL OR field.value::VARCHAR IN ('{}', '[]')
),
new_fields AS (
  SELECT edit, field.fullkey, coalesce(field.atom, field.value) ->> '$' AS value
  FROM edited, json_tree(edited.object) AS field
  WHERE field.atom IS NOT NULL OR field.value::VARCHAR IN ('{}', '[]')
),
fields AS (
  SELECT
    edit,
    substr(fullkey, 3) AS path,
    old_fields.value AS old_value,
    new_fields.value AS new_value
  FROM old_fields
  FULL JOIN new_fields USING (edit, fullkey)
  WHERE old_fields.value IS DISTINCT FROM new_fields.value
)
SELECT edited.valid_from AS time, 'changed' AS change, kind, namespace, name, uid, path, old_value, new_value
FROM fields
JOIN edited USING (edit)
-- What the API server and the kubelets write again and again says nothing.
WHERE NOT regexp_matches(
  path,
  '^metadata\.(resourceVersion|generation|managedFields)|(observedGeneration|lastHeartbeatTime|lastProbeTime)$'
)
UNION ALL
SELECT valid_from, 'created', kind, namespace, name, uid, NULL, NULL, NULL FROM created
UNION ALL
SELECT time, 'deleted', kind, namespace, name, uid, NULL, NULL, NULL
FROM kubernetes_objects
WHERE observed IN ('deleted', 'vanished') AND kind <> 'Event'
