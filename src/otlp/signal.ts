import {
  ExportLogsServiceRequest,
  ExportMetricsServiceRequest,
  ExportTraceServiceRequest,
  type Message,
} from './messages.js';

/** The kinds of telemetry that OTLP carries here. */
export type Signal = 'traces' | 'metrics' | 'logs';

/** The request message of each signal. */
export const REQUESTS = {
  traces: ExportTraceServiceRequest,
  metrics: ExportMetricsServiceRequest,
  logs: ExportLogsServiceRequest,
} as const satisfies Record<Signal, Message>;

export const SIGNALS = Object.keys(REQUESTS) as readonly Signal[];
