import { column, optional, table } from '../table.js';
import { T } from '../types.js';
import { metric, sender } from './otlp_columns.js';

export const exemplars = table({
  name: 'exemplars',
  doc: 'Example measurements that lead from a data point to a trace.',
  source: 'metrics',
  columns: {
    time: column(T.time, 'When it was measured; where no usable time was sent, when it was received.'),
    node: column(T.node, 'The node that received it.'),
    point_row_id: column(T.row_id, 'The data point it belongs to, by its `row_id`.'),
    time_raw: optional(
      T.raw_time,
      'The time sent, where `time` could not keep it: 0, or beyond the year 2262.',
    ),
    metric_name: metric.metric_name,
    service_name: sender.service_name,
    value: optional(T.measurement, 'The value; NULL when none was sent.'),
    value_int: optional(T.integer_measurement, 'The value where it was sent as an integer.'),
    trace_id: optional(T.trace_id, 'Trace id; NULL when it has none.'),
    span_id: optional(T.span_id, 'Span id; NULL when it has none.'),
    filtered_attributes: column(T.attributes, 'Attributes that the aggregation had filtered out.'),
    filtered_attribute_types: column(
      T.attribute_types,
      'Value types of `filtered_attributes`, a letter each.',
    ),
  },
});
