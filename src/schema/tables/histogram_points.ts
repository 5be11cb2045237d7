import { column, optional, table } from '../table.js';
import { T } from '../types.js';
import { metric, point, sender, temporality } from './otlp_columns.js';

export const histogramPoints = table({
  name: 'histogram_points',
  doc: 'Data points of histograms with explicit bounds.',
  source: 'metrics',
  columns: {
    ...point,
    ...metric,
    aggregation_temporality: temporality,
    count: column(T.unsigned_count, 'Number of values.'),
    sum: optional(T.measurement, 'Sum of the values; NULL when not sent.'),
    min: optional(T.measurement, 'Smallest value; NULL when not sent.'),
    max: optional(T.measurement, 'Largest value; NULL when not sent.'),
    bucket_counts: column(T.counts, 'Values in each bucket: one more than `explicit_bounds`, or none.'),
    explicit_bounds: column(T.measurements, 'Upper bounds, inclusive, of all buckets but the last.'),
    ...sender,
  },
});
