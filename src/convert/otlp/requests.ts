import { jsonToProtobuf } from '../../otlp/json_to_protobuf.js';
import { REQUESTS, type Signal } from '../../otlp/signal.js';
import type { Tape } from '../../tape/tape.js';
import { parseTime } from '../../tape/time.js';
import { BelongingRows, segmentBatches } from '../table_rows.js';
import { type BelongingTo, requestOf } from './grouping.js';
import type { Json, Row } from './records.js';

/** A request as OTLP/JSON and as protobuf, and how many records are in it: spans, log records or data points. */
export interface ExportRequest {
  readonly signal: Signal;
  readonly json: Json;
  readonly protobuf: Uint8Array;
  readonly records: number;
}

/** Requests are of so many records, and of fewer where that would be more bytes: receivers by gRPC take 4 MiB. */
const RECORDS = 1_000;
const MAX_BYTES = 3 << 20;

export interface Exported {
  readonly signals: readonly Signal[];
  /** Rows from then on, and before then; nanoseconds since the epoch. */
  readonly since?: bigint | undefined;
  readonly until?: bigint | undefined;
}

const TABLES: Readonly<Record<Signal, readonly string[]>> = {
  traces: ['spans'],
  logs: ['log_records'],
  metrics: ['metric_points', 'histogram_points', 'exponential_histogram_points', 'summary_points'],
};

/** Everything on a tape that came by OTLP, as requests that say the same: signal by signal, in the order of segments. */
export async function* exportRequests(tape: Tape, exported: Exported): AsyncGenerator<ExportRequest> {
  for (const signal of exported.signals) {
    const belonging = {
      events: new BelongingRows(tape, 'span_events', 'span_row_id'),
      links: new BelongingRows(tape, 'span_links', 'span_row_id'),
      exemplars: new BelongingRows(tape, 'exemplars', 'point_row_id'),
    };
    for (const table of TABLES[signal]) {
      for await (const rows of slices(tape, table, exported)) {
        const ids = new Set(rows.flatMap(({ row_id }) => (typeof row_id === 'bigint' ? row_id : [])));
        yield* requestsOf(signal, table, rows, {
          events: await belonging.events.of(ids),
          links: await belonging.links.of(ids),
          exemplars: await belonging.exemplars.of(ids),
        });
      }
    }
  }
}

function* requestsOf(
  signal: Signal,
  table: string,
  rows: readonly Row[],
  belonging: BelongingTo,
): Generator<ExportRequest> {
  const json = requestOf(signal, table, rows, belonging);
  const protobuf = jsonToProtobuf(REQUESTS[signal], json);
  if (protobuf.length <= MAX_BYTES || rows.length === 1) {
    yield { signal, json, protobuf, records: rows.length };
    return;
  }
  const half = rows.length >> 1;
  yield* requestsOf(signal, table, rows.slice(0, half), belonging);
  yield* requestsOf(signal, table, rows.slice(half), belonging);
}

/** The rows of a table that are wanted, so many at a time. */
async function* slices(tape: Tape, table: string, { since, until }: Exported): AsyncGenerator<Row[]> {
  for (const segment of tape.manifest.tables[table] ?? []) {
    if (since !== undefined && parseTime(segment.last_time) < since) continue;
    if (until !== undefined && parseTime(segment.first_time) >= until) continue;
    for await (const batch of segmentBatches(tape, table, segment)) {
      let slice: Row[] = [];
      for (let index = 0; index < batch.rows; index++) {
        const time = batch.time.bigint(index);
        if ((since !== undefined && time < since) || (until !== undefined && time >= until)) continue;
        slice.push(batch.row(index));
        if (slice.length < RECORDS) continue;
        yield slice;
        slice = [];
      }
      if (slice.length > 0) yield slice;
    }
  }
}
