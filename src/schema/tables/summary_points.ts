import { column, table } from '../table.js';
import { T } from '../types.js';
import { metric, point, sender } from './otlp_columns.js';

export const summaryPoints = table({
  name: 'summary_points',
  doc: 'Data points of summaries.',
  source: 'metrics',
  columns: {
    ...point,
    ...metric,
    count: column(T.unsigned_count, 'Number of values.'),
    sum: column(T.measurement, 'Sum of the values.'),
    quantiles: column(T.measurements, 'Quantiles, from 0 to 1.'),
    quantile_values: column(T.measurements, 'The value at each of `quantiles`.'),
    ...sender,
  },
});
