import { parseTime } from '../../tape/time.js';

/** What tells the time of a dump. */
export type TimeFrom =
  | 'its timestamp'
  | 'the newest time in it'
  | 'the time in its name, taken for UTC'
  | "its files' times"
  | 'the option --at'
  | 'the time of the import';

/** Finds out when a dump was made from what it holds. */
export class DumpTime {
  private stamped: bigint | undefined;
  private named: bigint | undefined;
  private newest: bigint | undefined;
  private modified: bigint | undefined;

  /** Takes up the file that tells it, which has times as Go prints them: when it was begun and when it was done. */
  timestamp(text: string): void {
    const times = text.matchAll(/(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,9})?\d* ?(Z|[+-]\d\d:?\d\d)/g);
    for (const [, date, time, fraction = '', zone] of times)
      this.stamped = later(this.stamped, parseTime(`${date}T${time}${fraction}${zone}`));
  }

  /**
   * Takes up the time in a name of a directory or archive, as in `support-bundle-2024-05-01T10_00_00`: that of the
   * machine which collected, whose zone nobody knows.
   */
  name(path: string): void {
    const [, date, hour, minute, second] =
      /support-bundle-(\d{4}-\d\d-\d\d)T(\d\d)_(\d\d)_(\d\d)/.exec(path) ?? [];
    const found = date === undefined ? undefined : timeOf(`${date}T${hour}:${minute}:${second}Z`);
    if (found !== undefined) this.named = later(this.named, found);
  }

  /** Takes up the times in a text of objects, as the API server writes them. No object is from the future. */
  object(json: string, now: bigint): void {
    for (const [time] of json.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z/g)) {
      const found = timeOf(time);
      if (found !== undefined && found <= now) this.newest = later(this.newest, found);
    }
  }

  /** Takes up when a file of it was written. */
  file(modified: bigint): void {
    this.modified = later(this.modified, modified);
  }

  /** When it was made, nanoseconds since the epoch, and what tells so. */
  found(): { readonly at: bigint; readonly from: TimeFrom } | undefined {
    if (this.stamped !== undefined) return { at: this.stamped, from: 'its timestamp' };
    if (this.newest !== undefined) return { at: this.newest, from: 'the newest time in it' };
    if (this.named !== undefined) return { at: this.named, from: 'the time in its name, taken for UTC' };
    return this.modified === undefined ? undefined : { at: this.modified, from: "its files' times" };
  }
}

function later(time: bigint | undefined, other: bigint): bigint {
  return time === undefined || other > time ? other : time;
}

/** Digits in the form of a time need not be one. */
function timeOf(text: string): bigint | undefined {
  try {
    return parseTime(text);
  } catch {
    return undefined;
  }
}
