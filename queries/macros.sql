-- Macros for exact arithmetic on nanosecond times. DuckDB's own `-`, `+ INTERVAL`, date_trunc and
-- time_bucket silently round TIMESTAMP_NS to microseconds.

-- Nanoseconds in an interval: ns(INTERVAL '30 seconds').
CREATE MACRO ns(duration) AS epoch_ns(duration);

-- Nanoseconds from one time to another; negative where `later` is earlier.
CREATE MACRO ns_between(earlier, later) AS epoch_ns(later) - epoch_ns(earlier);

-- A time moved by nanoseconds: add_ns(time, duration_ns), add_ns(time, -ns(INTERVAL '5 minutes')).
CREATE MACRO add_ns(moment, nanoseconds) AS make_timestamp_ns(epoch_ns(moment) + nanoseconds);

-- The start of the stretch of that many nanoseconds in which a time falls, counted from 1970.
CREATE MACRO bucket_ns(moment, nanoseconds) AS
  make_timestamp_ns(epoch_ns(moment) - epoch_ns(moment) % nanoseconds);

-- A number of things in words: counted(1, 'row') is `1 row`, counted(2, 'row') is `2 rows`.
CREATE MACRO counted(number, noun) AS number || ' ' || noun || CASE WHEN number = 1 THEN '' ELSE 's' END;
