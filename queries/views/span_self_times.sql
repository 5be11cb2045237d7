-- Spans with the time that each spent itself: its duration without the union of its children
--
-- Needs: spans
--
-- Columns:
--   time TIMESTAMP_NS: Start of the span.
--   node VARCHAR: The node that received it.
--   row_id UBIGINT: Identity of the span in this recording, as in `spans.row_id`.
--   trace_id VARCHAR: Trace id.
--   span_id VARCHAR: Span id.
--   service_name VARCHAR: Service.
--   name VARCHAR: Name of the operation.
--   kind VARCHAR: `SERVER`, `CLIENT`, `INTERNAL`, `PRODUCER` or `CONSUMER`.
--   status_code VARCHAR: `UNSET`, `OK` or `ERROR`.
--   duration_ns BIGINT: Duration.
--   self_time_ns BIGINT: Time in the span during which none of its children ran.
--
-- Read: A span that was sent twice counts once, and one without an end has no duration and is left out.
WITH first_sent AS (
  SELECT min((node, row_id)) AS identity
  FROM spans
  WHERE duration_ns >= 0
  GROUP BY trace_id, span_id, kind, service_name
),
timed AS (
  SELECT *, epoch_ns(time) AS start_ns, epoch_ns(time) + duration_ns AS end_ns
  FROM spans
  WHERE (node, row_id) IN (SELECT identity FROM first_sent)
),
-- Children clipped to their parent: clocks differ, and some go on after the parent ended.
children AS (
  SELECT
    parent.node,
    parent.row_id,
    greatest(child.start_ns, parent.start_ns) AS start_ns,
    least(child.end_ns, parent.end_ns) AS end_ns
  FROM timed AS child
  JOIN timed AS parent
    ON parent.trace_id = child.trace_id
    AND parent.span_id = child.parent_span_id
    AND child.start_ns < parent.end_ns
    AND child.end_ns > parent.start_ns
),
-- Of each child, the part that no child before it has covered.
uncovered AS (
  SELECT
    node,
    row_id,
    end_ns,
    greatest(
      start_ns,
      max(end_ns) OVER (
        PARTITION BY node, row_id
        ORDER BY start_ns
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      )
    ) AS start_ns
  FROM children
),
covered AS (
  SELECT node, row_id, sum(greatest(end_ns - start_ns, 0)) AS covered_ns
  FROM uncovered
  GROUP BY node, row_id
)
SELECT
  time,
  node,
  row_id,
  trace_id,
  span_id,
  service_name,
  name,
  kind,
  status_code,
  duration_ns,
  (duration_ns - coalesce(covered_ns, 0))::BIGINT AS self_time_ns
FROM timed
LEFT JOIN covered USING (node, row_id)
