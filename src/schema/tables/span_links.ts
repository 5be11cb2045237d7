import { column, optional, table } from '../table.js';
import { T } from '../types.js';
import { own, sender } from './otlp_columns.js';

export const spanLinks = table({
  name: 'span_links',
  doc: 'Links from spans to other spans.',
  source: 'traces',
  columns: {
    time: column(T.time, 'Start of the span that has the link, as in `spans.time`.'),
    node: column(T.node, 'The node that received it.'),
    span_row_id: column(T.row_id, 'The span it belongs to, by `spans.row_id`.'),
    trace_id: column(T.trace_id, 'Trace id of the span that has the link.'),
    span_id: column(T.span_id, 'Span id of the span that has the link.'),
    linked_trace_id: column(T.trace_id, 'Trace id linked to.'),
    linked_span_id: column(T.span_id, 'Span id linked to.'),
    trace_state: optional(T.trace_state, 'W3C tracestate of the linked span; NULL when empty.'),
    flags: column(T.flags, 'SpanFlags of the linked span.'),
    service_name: sender.service_name,
    ...own,
  },
});
