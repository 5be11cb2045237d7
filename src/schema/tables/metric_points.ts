import { column, optional, table } from '../table.js';
import { T } from '../types.js';
import { metric, point, sender, temporality } from './otlp_columns.js';

export const metricPoints = table({
  name: 'metric_points',
  doc: 'Data points of gauges and sums.',
  source: 'metrics',
  columns: {
    ...point,
    ...metric,
    metric_type: column(T.enumeration, '`gauge` or `sum`.'),
    aggregation_temporality: temporality,
    is_monotonic: optional(T.flag, 'Whether a sum only grows; NULL for a gauge.'),
    value: optional(
      T.measurement,
      'The value; integers beyond 2^53 are exact only in `value_int`. NULL when none was sent.',
    ),
    value_int: optional(T.integer_measurement, 'The value where it was sent as an integer.'),
    ...sender,
  },
});
