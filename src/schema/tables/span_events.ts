import { column, optional, promoted, table } from '../table.js';
import { T } from '../types.js';
import { own, sender } from './otlp_columns.js';

export const spanEvents = table({
  name: 'span_events',
  doc: 'Events of spans: exceptions and other moments within them.',
  source: 'traces',
  columns: {
    time: column(T.time, 'When it happened; where no usable time was sent, when it was received.'),
    node: column(T.node, 'The node that received it.'),
    span_row_id: column(T.row_id, 'The span it belongs to, by `spans.row_id`.'),
    trace_id: column(T.trace_id, 'Trace id of the span.'),
    span_id: column(T.span_id, 'Span id of the span.'),
    time_raw: optional(
      T.raw_time,
      'The time sent, where `time` could not keep it: 0, or beyond the year 2262.',
    ),
    name: column(T.operation, 'Name of the event.'),
    service_name: sender.service_name,
    exception_type: promoted(T.operation, ['exception.type']),
    exception_message: promoted(T.message, ['exception.message']),
    ...own,
  },
});
