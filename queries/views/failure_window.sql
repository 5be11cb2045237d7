-- The stretch in which failed spans stand out most, as one row; no row when no span failed
--
-- Needs: spans
--
-- Columns:
--   since TIMESTAMP_NS: Start of the first failed span of the stretch.
--   until TIMESTAMP_NS: Just after the last of its failed spans ended, and at least a second after `since`.
--   failed BIGINT: Failed spans in it.
--
-- Read: Of all stretches of whole seconds it is the one with the most failed spans beyond what its number of spans
--   would have at the failure rate of the whole recording, so that a few failures elsewhere do not widen it.
WITH failures AS (
  SELECT
    time,
    greatest(coalesce(duration_ns, 0), 0) AS duration_ns,
    bucket_ns(time, 1000000000) AS second,
    status_code = 'ERROR' AS failed
  FROM spans
),
seconds AS (
  SELECT
    second,
    count(*) FILTER (failed) - count(*) * (SELECT avg(failed::INTEGER) FROM failures) AS excess
  FROM failures
  GROUP BY second
),
summed AS (
  SELECT second, sum(excess) OVER (ORDER BY second) AS after, after - excess AS before FROM seconds
),
-- A stretch that ends here does best to begin where the sum before it was lowest.
begun AS (
  SELECT
    second AS last_second,
    after - min(before) OVER (ORDER BY second) AS gain,
    arg_min(second, before) OVER (ORDER BY second) AS first_second
  FROM summed
),
best AS (
  SELECT first_second, last_second FROM begun ORDER BY gain DESC, last_second DESC LIMIT 1
)
SELECT
  min(time) AS since,
  greatest(add_ns(max(add_ns(time, duration_ns)), 1), add_ns(min(time), 1000000000)) AS until,
  count(*) AS failed
FROM failures
JOIN best ON second BETWEEN first_second AND last_second
WHERE failed
HAVING count(*) > 0
