import { InvalidFileError } from '../errors.js';
import {
  FORMAT_VERSION,
  type Manifest,
  type NodeFacts,
  type Removed,
  type Segment,
  type Source,
} from './manifest.js';
import { parseTime } from './time.js';

/** More than any tape needs, and little enough to read from a stranger. */
export const MAX_MANIFEST_BYTES = 64 << 20;

/**
 * Parquet can say in a few bytes that a value comes billions of times. A group of 65536 rows, which is what ktape
 * writes at most, takes some thousand bytes however alike its rows are.
 */
const MAX_ROWS_PER_BYTE = 1000;
/** What a hostile manifest may have of things that are compared with each other. */
const MAX_TABLES = 1000;
const MAX_NODES = 10_000;
const MAX_SOURCES = 100_000;
const MAX_REMOVED = 10_000;

/** Reads `tape.json`; throws an InvalidFileError that names the field, its value and what was expected. */
export function parseManifest(file: string, text: string): Manifest {
  const fields = new Fields(file, 'tape.json', parseJson(file, text));
  if (fields.value('format') !== 'ktape') fields.fail('format', '"ktape"');
  const version = fields.count('version');
  if (version > FORMAT_VERSION) {
    throw new InvalidFileError(
      file,
      `written in tape format ${version}; this ktape reads formats up to ${FORMAT_VERSION}, so a newer ktape is needed`,
    );
  }
  return {
    format: 'ktape',
    version,
    tool: fields.text('tool'),
    state: fields.oneOf('state', ['recording', 'complete']),
    started: fields.time('started'),
    ended: fields.value('ended') === null ? null : fields.time('ended'),
    nodes: fields.list('nodes', MAX_NODES).map(nodeFacts),
    sources: fields.list('sources', MAX_SOURCES).map(source),
    journal_sealed: fields.count('journal_sealed'),
    seen_until: (fields.value('seen_until') ?? null) === null ? null : fields.time('seen_until'),
    // Tapes from before recorders removed anything do not say.
    removed: fields.value('removed') === undefined ? [] : fields.list('removed', MAX_REMOVED).map(removed),
    tables: tables(fields),
  };
}

function tables(fields: Fields): Manifest['tables'] {
  const named = fields.child('tables');
  const names = named.names();
  if (names.length > MAX_TABLES) fields.fail('tables', `at most ${MAX_TABLES} tables`);
  return Object.fromEntries(names.map((table) => [table, segments(table, named.list(table))]));
}

function nodeFacts(fields: Fields): NodeFacts {
  return {
    name: fields.text('name'),
    kernel: fields.text('kernel'),
    architecture: fields.text('architecture'),
    boot_time: fields.value('boot_time') === null ? null : fields.time('boot_time'),
  };
}

function source(fields: Fields): Source {
  return {
    name: fields.text('name'),
    state: fields.oneOf('state', ['recorded', 'unavailable']),
    detail: fields.text('detail'),
  };
}

function removed(fields: Fields): Removed {
  return {
    node: fields.text('node'),
    since: fields.time('since'),
    until: fields.time('until'),
    limit: fields.text('limit'),
  };
}

function segments(table: string, list: readonly Fields[]): Segment[] {
  const seen = new Set<string>();
  return list.map((fields) => {
    const found = segment(table, fields);
    if (seen.has(found.path)) fields.fail('path', 'a path that is listed once');
    seen.add(found.path);
    return found;
  });
}

function segment(table: string, fields: Fields): Segment {
  const path = fields.text('path');
  if (!/^[a-z_]+\/[A-Za-z0-9._-]+\.parquet$/.test(path))
    fields.fail('path', 'a path like "spans/node-0-1.parquet"');
  if (!path.startsWith(`${table}/`)) fields.fail('path', `a path in ${table}/`);
  const [rows, bytes] = [fields.count('rows'), fields.count('bytes')];
  if (rows > bytes * MAX_ROWS_PER_BYTE)
    fields.fail('rows', `at most ${MAX_ROWS_PER_BYTE} for each of its ${bytes} bytes`);
  const sha256 = fields.text('sha256');
  if (!/^[0-9a-f]{64}$/.test(sha256)) fields.fail('sha256', '64 hex digits');
  return {
    path,
    node: fields.text('node'),
    rows,
    bytes,
    first_time: fields.time('first_time'),
    last_time: fields.time('last_time'),
    sha256,
    ...(fields.value('received_until') === undefined
      ? {}
      : { received_since: fields.time('received_since'), received_until: fields.time('received_until') }),
  };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidFileError(file, `not JSON: it begins ${JSON.stringify(text.slice(0, 40))}`);
  }
}

/** Typed access to the fields of one JSON object, with errors that say where. */
class Fields {
  private readonly object: ReadonlyMap<string, unknown>;

  constructor(
    private readonly file: string,
    private readonly at: string,
    value: unknown,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InvalidFileError(file, `${at} is ${shown(value)}; expected an object`);
    }
    this.object = new Map(Object.entries(value));
  }

  value(name: string): unknown {
    return this.object.get(name);
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' ? value : this.fail(name, 'a string');
  }

  count(name: string): number {
    const value = this.value(name);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.fail(name, 'a whole number');
  }

  time(name: string): string {
    const text = this.text(name);
    try {
      parseTime(text);
    } catch {
      this.fail(name, 'a time like 2026-11-22T10:15:30.5Z');
    }
    return text;
  }

  oneOf<const V extends string>(name: string, values: readonly V[]): V {
    return values.find((value) => value === this.value(name)) ?? this.fail(name, values.join(' or '));
  }

  list(name: string, most = Number.POSITIVE_INFINITY): Fields[] {
    const value = this.value(name);
    if (!Array.isArray(value)) return this.fail(name, 'a list');
    if (value.length > most) return this.fail(name, `a list of at most ${most}`);
    return value.map((item, i) => new Fields(this.file, `${this.at}: ${name}[${i}]`, item));
  }

  child(name: string): Fields {
    return new Fields(this.file, `${this.at}: ${name}`, this.value(name));
  }

  names(): string[] {
    return [...this.object.keys()];
  }

  fail(name: string, expected: string): never {
    throw new InvalidFileError(
      this.file,
      `${this.at}: ${name} is ${shown(this.value(name))}; expected ${expected}`,
    );
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  // As JSON these could be long, and deeper than the stack.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 80);
}
