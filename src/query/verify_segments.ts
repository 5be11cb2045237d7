import { createHash } from 'node:crypto';
import { DecodeError, InvalidFileError, reasonOf } from '../errors.js';
import type { Table } from '../schema/table.js';
import { readTimes } from '../tape/parquet/read/times.js';
import { writtenSchema } from '../tape/parquet/written_schema.js';
import { parseTime } from '../tape/time.js';
import { bytesProblem, segmentBytes } from '../tape/verify_bytes.js';
import { ContentChecks, type SegmentFile } from './verify_contents.js';

/** Segments of more bytes are not held in memory as a whole, and those of more rows keep nothing else waiting. */
const MOST_BYTES = 16 << 20;
const MOST_ROWS = 1 << 24;

/** Files that are read at a time: one is hashed while the next comes from the disk. */
const LANES = 2;

/** What came of reading a segment's file. */
interface Reading {
  /** How its bytes are not those that were written. */
  readonly damage?: string;
  /** Digest of what describes its columns, where all else that it says is what the manifest says. */
  readonly schema?: string;
}

type Readings = ReadonlyMap<SegmentFile, Reading>;

/**
 * Checks the bytes of segments and what is in them. It is DuckDB that answers questions, so columns are right if DuckDB
 * sees them so. It does of schemas that ktape writes, which a test holds; any other one it is asked about once, with the
 * first segment that has it. Of a segment that describes its columns by the same bytes as another, only the rest has to
 * be looked at, and the reader of times does that in a fraction of the time, with the bytes at hand that were hashed.
 * What that reader does not vouch for, DuckDB is asked about, and says what is wrong.
 */
export class SegmentChecks {
  private readonly contents: ContentChecks;
  /** Digests of the schemas, for each table, in which DuckDB sees its columns. */
  private readonly known = new Map<Table, Set<string>>();

  /** `files` are the ones that will be looked at. */
  constructor(files: readonly string[], temporary: string) {
    this.contents = new ContentChecks(files, temporary);
  }

  /** What is wrong with segments, by their files; nothing of those that are in order. */
  async problemsOf(segments: readonly SegmentFile[]): Promise<ReadonlyMap<string, string>> {
    const large = segments.filter(isLarge);
    const [readings, ofLarge] = await Promise.all([readAll(segments), this.contents.problemsOf(large)]);
    const isOpen = (one: SegmentFile) => !isLarge(one) && !this.isSettled(one.table, readings.get(one));
    const open = segments.filter(isOpen);
    const firsts = firstsOf(open, readings);
    const ofFirsts = await this.contents.problemsOf(firsts);
    for (const one of firsts) {
      const schema = readings.get(one)?.schema;
      if (schema !== undefined && !ofFirsts.has(one.file)) this.knownOf(one.table).add(schema);
    }
    const others = open.filter((one) => !firsts.includes(one) && isOpen(one));
    const ofOthers = await this.contents.problemsOf(others);
    return new Map([...ofLarge, ...ofFirsts, ...ofOthers, ...damageOf(readings)]);
  }

  close(): void {
    this.contents.close();
  }

  /** Whether nothing is left to be asked. */
  private isSettled(table: Table, { damage, schema }: Reading = {}): boolean {
    return damage !== undefined || (schema !== undefined && this.knownOf(table).has(schema));
  }

  private knownOf(table: Table): Set<string> {
    const known = this.known.get(table) ?? new Set([digestOf(writtenSchema(table))]);
    this.known.set(table, known);
    return known;
  }
}

/** The first segment of each table and schema, and all of which the schema is not known. */
function firstsOf(segments: readonly SegmentFile[], readings: Readings): SegmentFile[] {
  const seen = new Set<string>();
  return segments.filter((one) => {
    const schema = readings.get(one)?.schema;
    const key = `${one.table.name} ${schema}`;
    const isFirst = schema === undefined || !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

function digestOf(schema: Uint8Array): string {
  return createHash('sha256').update(schema).digest('hex');
}

function isLarge({ segment: { bytes, rows } }: SegmentFile): boolean {
  return bytes > MOST_BYTES || rows > MOST_ROWS;
}

/** A few files at a time. */
async function readAll(segments: readonly SegmentFile[]): Promise<Readings> {
  const readings = new Map<SegmentFile, Reading>();
  const waiting = segments.values();
  const lane = async () => {
    let room = new Uint8Array(0);
    for (const one of waiting) {
      const { bytes } = one.segment;
      // Memory that is used again costs nothing: to clear it away took longer than to hash what was in it.
      if (!isLarge(one) && bytes > room.length) room = new Uint8Array(bytes);
      readings.set(one, await read(one, room));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return readings;
}

async function read(one: SegmentFile, room: Uint8Array): Promise<Reading> {
  const { file, segment } = one;
  try {
    if (!isLarge(one)) return readWhole(one, await segmentBytes(file, segment, room));
    const damage = await bytesProblem(file, segment);
    return damage === undefined ? {} : { damage };
  } catch (error) {
    return { damage: reasonWithoutFile(error) };
  }
}

function readWhole({ segment }: SegmentFile, bytes: Uint8Array): Reading {
  try {
    const { schema, first, last, sorted } = readTimes(bytes, segment.rows);
    const isAsSaid =
      first === parseTime(segment.first_time) && last === parseTime(segment.last_time) && sorted;
    if (!isAsSaid) return {};
    return { schema: digestOf(schema) };
  } catch (error) {
    if (error instanceof DecodeError) return {};
    throw error;
  }
}

function damageOf(readings: Readings): [string, string][] {
  return [...readings].flatMap(([{ file }, { damage }]) => (damage === undefined ? [] : [[file, damage]]));
}

/** What an error says, without the file that a finding names already. */
export function reasonWithoutFile(error: unknown): string {
  return error instanceof InvalidFileError ? error.problem : reasonOf(error);
}
