-- What the recording knows that it lacks
--
-- Needs: losses
--
-- Columns:
--   since TIMESTAMP_NS: When the loss began, or could first have begun.
--   until TIMESTAMP_NS: When it had ended.
--   node VARCHAR: The node whose recorder lost it.
--   source VARCHAR: What lost it: `probe`, `otlp`, `kubernetes`, `clock` or `recorder`.
--   table_name VARCHAR: The table that lacks rows; NULL when several do.
--   reason VARCHAR: Why.
--   subject VARCHAR: What in particular, such as the kind of a Kubernetes object.
--   count BIGINT: How many rows were lost; NULL when that cannot be known.
--   detail VARCHAR: The particulars.
--
-- Read: An answer that leans on a table is not complete for the stretches in which that table lacks rows.
-- Empty: No loss was noted in the window.
-- Draw: timeline reason since until
SELECT time AS since, until, node, source, table_name, reason, subject, count, detail
FROM losses
WHERE time < $until AND until >= $since
ORDER BY time, source, reason
