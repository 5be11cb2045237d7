import { KtapeError } from '../errors.js';

const SECOND = 1_000_000_000n;

/** Writes nanoseconds since the Unix epoch as `2026-11-22T10:15:30.123456789Z`. */
export function formatTime(epochNs: bigint): string {
  const seconds = epochNs / SECOND - (epochNs % SECOND < 0n ? 1n : 0n);
  const fraction = epochNs - seconds * SECOND;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -5);
  return `${whole}.${fraction.toString().padStart(9, '0')}Z`;
}

/** As formatTime, without the zeros at the end: for people. */
export function shortTime(epochNs: bigint): string {
  return shortTimes(formatTime(epochNs));
}

/** The times in a text, as formatTime writes them, without the zeros at their ends. */
export function shortTimes(text: string): string {
  return text.replace(/(T\d\d:\d\d:\d\d)(?:\.0{9}|(\.\d*?)0+)Z/g, '$1$2Z');
}

/**
 * Reads an RFC 3339 time, or one without a zone (then UTC), as nanoseconds since the Unix epoch.
 * Up to nine digits of a second count. Throws a KtapeError that says what was expected.
 */
export function parseTime(text: string): bigint {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
      text.trim(),
    );
  const [, date, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match ?? [];
  const offset = zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2').toUpperCase();
  const millis = Date.parse(`${date}T${minutes}:${seconds}${offset}`);
  if (Number.isNaN(millis) || !isDate(date)) {
    throw new KtapeError(`"${text}" is not a time; expected one like 2026-11-22T10:15:30.5Z`);
  }
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Whether the day exists: Date.parse takes 30 February for 2 March. */
function isDate(date: string | undefined): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(`${date}T`);
}
