import { column, table } from '../table.js';
import { T } from '../types.js';

export const recorderHealth = table({
  name: 'recorder_health',
  doc: 'What the recorder itself used and did, one row every few seconds; counts are since its start.',
  source: 'recorder',
  columns: {
    time: column(T.time, 'When it was measured.'),
    node: column(T.node, 'The node of the recorder.'),
    cpu_ns: column(T.duration_ns, 'Processor time used, user and system.'),
    resident_bytes: column(T.bytes, 'Resident memory now.'),
    kernel_events: column(T.count, 'Kernel events decoded.'),
    otlp_requests: column(T.count, 'OTLP requests acknowledged.'),
    otlp_bytes: column(T.bytes, 'Bytes of those requests, as protobuf.'),
    otlp_refused: column(T.count, 'OTLP requests refused.'),
    kubernetes_observations: column(T.count, 'Versions and deletions of objects seen.'),
  },
});
