import { DecodeError } from '../errors.js';

// An empty record takes two bytes of a request and hundreds in columns: so it is not enough that the bytes of a request
// are bounded. What clients send in the 16 MiB that receivers take stays below all of these.

/** Spans, events, links, data points, exemplars and log records. */
const MOST_ROWS = 200_000;
/** Resources, scopes and metrics. */
const MOST_GROUPS = 100_000;
/** Attributes, elements of arrays and of lists, and all other parts. */
const MOST_ENTRIES = 2_000_000;
/** Bytes of what rows share, such as the attributes of their resource, as often as there are rows: readers see it so. */
const MOST_SHARED_BYTES = 256 << 20;

/** Counts what a request holds, and throws a DecodeError where it is too much. */
export class RequestSize {
  private rows = 0;
  private groups = 0;
  private entries = 0;
  private sharedBytes = 0;

  addRow(): void {
    if (++this.rows > MOST_ROWS) throw tooMany('rows', MOST_ROWS);
  }

  addGroup(): void {
    if (++this.groups > MOST_GROUPS) throw tooMany('resources, scopes and metrics', MOST_GROUPS);
  }

  addEntry(): void {
    if (++this.entries > MOST_ENTRIES) throw tooMany('attributes and elements', MOST_ENTRIES);
  }

  /** Adds that `rows` rows share something of so many bytes. */
  addShared(bytes: number, rows: number): void {
    this.sharedBytes += bytes * rows;
    if (this.sharedBytes <= MOST_SHARED_BYTES) return;
    throw new DecodeError(
      `what its rows share would take ${this.sharedBytes} bytes when written for each; expected at most ${MOST_SHARED_BYTES}`,
    );
  }
}

function tooMany(what: string, most: number): DecodeError {
  return new DecodeError(`more than ${most} ${what} in one request`);
}
