import { column, optional, promoted, table } from '../table.js';
import { T } from '../types.js';
import { own, sender } from './otlp_columns.js';

export const logRecords = table({
  name: 'log_records',
  doc: 'Log records and events received by OTLP.',
  source: 'logs',
  columns: {
    time: column(T.time, 'When it happened, else when it was observed, else when it was received.'),
    node: column(T.node, 'The node that received it.'),
    time_raw: optional(T.raw_time, 'The time sent, where `time` is not it: 0, or beyond the year 2262.'),
    observed_time: optional(T.time, 'When the collection saw it; NULL when none usable was sent.'),
    observed_time_raw: optional(
      T.raw_time,
      'The observed time sent, where `observed_time` could not keep it.',
    ),
    severity_number: column(
      T.number,
      'Severity 1 to 24: TRACE 1, DEBUG 5, INFO 9, WARN 13, ERROR 17, FATAL 21; 0 when not given.',
    ),
    severity_text: optional(T.enumeration, 'Severity in the words of the source; NULL when empty.'),
    event_name: optional(T.operation, 'Name of the event; NULL for a plain log record.'),
    body: optional(T.log_body, 'Body as text, structured bodies as JSON; NULL when there is none.'),
    body_type: optional(
      T.attribute_types,
      'Value type of `body`, one letter as in `attribute_types`; NULL when there is none.',
    ),
    trace_id: optional(T.trace_id, 'Trace id; NULL when the record has none.'),
    span_id: optional(T.span_id, 'Span id; NULL when the record has none.'),
    flags: column(T.flags, 'W3C trace flags in the low 8 bits.'),
    exception_type: promoted(T.operation, ['exception.type']),
    ...own,
    ...sender,
  },
});
