import { column, optional, promoted, table } from '../table.js';
import { T } from '../types.js';
import { own, sender } from './otlp_columns.js';

export const spans = table({
  name: 'spans',
  doc: 'Spans received by OTLP.',
  source: 'traces',
  columns: {
    time: column(T.time, 'Start of the span; where none usable was sent, when it was received.'),
    node: column(T.node, 'The node that received it.'),
    row_id: column(T.row_id, 'Identity of the span in this recording; its events and links refer to it.'),
    trace_id: column(T.trace_id, 'Trace id, lower-case hex.'),
    span_id: column(T.span_id, 'Span id, lower-case hex.'),
    parent_span_id: optional(T.span_id, 'Span id of the parent; NULL for a root span.'),
    trace_state: optional(T.trace_state, 'W3C tracestate; NULL when empty.'),
    flags: column(
      T.flags,
      'SpanFlags: W3C trace flags in the low 8 bits, then whether the parent is remote.',
    ),
    name: column(T.operation, 'Name of the operation.'),
    kind: column(
      T.enumeration,
      '`INTERNAL`, `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER`, `UNSPECIFIED`, else the number sent.',
    ),
    duration_ns: optional(T.duration_ns, 'End minus start; NULL when either could not be kept.'),
    time_raw: optional(
      T.raw_time,
      'The start sent, where `time` could not keep it: 0, or beyond the year 2262.',
    ),
    end_time_raw: optional(T.raw_time, 'The end sent, where `duration_ns` is NULL.'),
    status_code: column(T.enumeration, '`UNSET`, `OK` or `ERROR`, else the number sent.'),
    status_message: optional(T.message, 'Message of the status; NULL when empty.'),
    http_request_method: promoted(T.enumeration, ['http.request.method', 'http.method']),
    http_response_status_code: promoted(T.number, ['http.response.status_code', 'http.status_code']),
    http_route: promoted(T.url, ['http.route']),
    url_path: promoted(T.url, ['url.path', 'http.target']),
    url_full: promoted(T.url, ['url.full', 'http.url']),
    server_address: promoted(T.host, ['server.address', 'net.peer.name']),
    server_port: promoted(T.number, ['server.port', 'net.peer.port']),
    rpc_system: promoted(T.enumeration, ['rpc.system']),
    rpc_service: promoted(T.operation, ['rpc.service']),
    rpc_method: promoted(T.operation, ['rpc.method']),
    rpc_grpc_status_code: promoted(T.number, ['rpc.grpc.status_code']),
    db_system_name: promoted(T.enumeration, ['db.system.name', 'db.system']),
    db_operation_name: promoted(T.operation, ['db.operation.name', 'db.operation']),
    db_query_text: promoted(T.statement, ['db.query.text', 'db.statement']),
    error_type: promoted(T.enumeration, ['error.type']),
    ...own,
    dropped_events_count: column(T.small_count, 'Events that the sender dropped.'),
    dropped_links_count: column(T.small_count, 'Links that the sender dropped.'),
    ...sender,
  },
});
