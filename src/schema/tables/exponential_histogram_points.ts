import { column, optional, table } from '../table.js';
import { T } from '../types.js';
import { metric, point, sender, temporality } from './otlp_columns.js';

export const exponentialHistogramPoints = table({
  name: 'exponential_histogram_points',
  doc: 'Data points of exponential histograms: bucket i of scale s ends at 2^(2^-s)^(i+1).',
  source: 'metrics',
  columns: {
    ...point,
    ...metric,
    aggregation_temporality: temporality,
    count: column(T.unsigned_count, 'Number of values.'),
    sum: optional(T.measurement, 'Sum of the values; NULL when not sent.'),
    min: optional(T.measurement, 'Smallest value; NULL when not sent.'),
    max: optional(T.measurement, 'Largest value; NULL when not sent.'),
    scale: column(T.number, 'Resolution: the base is 2^(2^-scale).'),
    zero_count: column(T.unsigned_count, 'Values within `zero_threshold` of zero.'),
    zero_threshold: column(T.measurement, 'Width of the zero bucket.'),
    positive_offset: optional(
      T.number,
      'Index of the first positive bucket; NULL when positive buckets were not sent.',
    ),
    positive_bucket_counts: column(T.counts, 'Values in each positive bucket.'),
    negative_offset: optional(
      T.number,
      'Index of the first negative bucket; NULL when negative buckets were not sent.',
    ),
    negative_bucket_counts: column(T.counts, 'Values in each negative bucket.'),
    ...sender,
  },
});
