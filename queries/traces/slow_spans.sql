-- Operations whose own time grew most in the window, against the rest of the recording
--
-- Needs: span_self_times, failure_window
--
-- Parameters:
--   since TIMESTAMP_NS = (SELECT since FROM failure_window): Start of the window; by default where failed spans
--     begin to stand out, or the start of the recording when none failed.
--   until TIMESTAMP_NS = (SELECT until FROM failure_window): End of the window; by default where failed spans no
--     longer stand out, or the end of the recording when none failed.
--   top INTEGER = 10 from 1: How many operations to show.
--
-- Columns:
--   service VARCHAR: Service that ran the operation.
--   operation VARCHAR: Name of the span; that of a client span names what it called.
--   kind VARCHAR: `SERVER`, `CLIENT`, `INTERNAL`, `PRODUCER` or `CONSUMER`.
--   growth_ns BIGINT: Mean self time in the window less that outside it; NULL without spans outside.
--   mean_ns BIGINT: Mean self time in the window.
--   mean_outside_ns BIGINT: Mean self time outside the window.
--   p95_ns BIGINT: 95th percentile of self time in the window.
--   p95_outside_ns BIGINT: 95th percentile of self time outside the window.
--   spans BIGINT: Spans that started in the window.
--   spans_outside BIGINT: Spans that started outside the window.
--   errors BIGINT: Failed spans in the window.
--   errors_outside BIGINT: Failed spans outside the window.
--   exemplar_trace_id VARCHAR: Trace of the span with the most self time in the window.
--
-- Read: Self time is a span's duration without the union of its child spans: where the time went, not who waited for
--   it. A client span that waits for a peer whose own span is not there keeps the waiting as self time. Few spans on
--   either side make a weak comparison.
-- Empty: No span with a duration started in the window.
-- Draw: bars operation growth_ns
WITH sided AS (
  SELECT *, time >= $since AND time < $until AS inside FROM span_self_times
),
operations AS (
  SELECT
    service_name AS service,
    name AS operation,
    kind,
    avg(self_time_ns) FILTER (inside) AS mean,
    avg(self_time_ns) FILTER (NOT inside) AS mean_outside,
    quantile_cont(self_time_ns, 0.95) FILTER (inside) AS p95,
    quantile_cont(self_time_ns, 0.95) FILTER (NOT inside) AS p95_outside,
    count(*) FILTER (inside) AS spans,
    count(*) FILTER (NOT inside) AS spans_outside,
    count(*) FILTER (inside AND status_code = 'ERROR') AS errors,
    count(*) FILTER (NOT inside AND status_code = 'ERROR') AS errors_outside,
    arg_max(trace_id, (self_time_ns, time, row_id)) FILTER (inside) AS exemplar_trace_id
  FROM sided
  GROUP BY service_name, name, kind
)
SELECT
  service,
  operation,
  kind,
  (mean - mean_outside)::BIGINT AS growth_ns,
  mean::BIGINT AS mean_ns,
  mean_outside::BIGINT AS mean_outside_ns,
  p95::BIGINT AS p95_ns,
  p95_outside::BIGINT AS p95_outside_ns,
  spans,
  spans_outside,
  errors,
  errors_outside,
  exemplar_trace_id
FROM operations
WHERE spans > 0
-- What is only seen in the window has not grown; it stands between what has and what has not.
ORDER BY coalesce(growth_ns, 0) DESC, mean_ns DESC, spans DESC, exemplar_trace_id, service, operation, kind
LIMIT $top;

-- Coverage
SELECT 'Window: where failed spans stand out; choose another with --since and --until.' AS sentence
FROM failure_window
WHERE since = $since AND until = $until
UNION ALL
SELECT counted(count(*) - $top, 'more row') || '; --param top=' || count(*) || ' shows all.'
FROM (SELECT DISTINCT service_name, name, kind FROM span_self_times WHERE time >= $since AND time < $until)
HAVING count(*) > $top
UNION ALL
SELECT 'Left out: ' || counted(count(*), 'span') || ' without a duration.'
FROM spans
WHERE duration_ns IS NULL OR duration_ns < 0
HAVING count(*) > 0
UNION ALL
SELECT 'No span lies outside the window, so there is nothing to compare with; give --since and --until.'
FROM spans
HAVING count(*) > 0 AND count(*) FILTER (time < $since OR time >= $until) = 0
