import { classAt, isHexadecimal, isWordClass } from './characters.js';
import { isId } from './ids.js';

const UUID_LENGTH = 36;
/** Digits of a UUID's first group. */
const FIRST_GROUP = 8;
/** Paths of cgroups have it right before a pod's uid; its last letter is a hexadecimal digit. */
const POD = 'pod';

/** Where an id ends that begins with a run of letters and digits; the run's start where none does. */
export function idEnd(text: string, start: number, stop: number): number {
  const length = stop - start;
  if (length === FIRST_GROUP) {
    const end = start + UUID_LENGTH;
    return !isWordClass(classAt(text, end)) && isId(dashed(text.slice(start, end))) ? end : start;
  }
  return isLength(length) && isId(text.slice(start, stop)) ? stop : start;
}

/** A UUID with dashes, where it has underscores in their places, as in names of systemd's. */
export function dashed(uuid: string): string {
  return uuid.includes('-') ? uuid : uuid.replaceAll('_', '-');
}

/** Where an id may begin within a run of letters and digits: behind `pod`, or with the run. */
export function idStart(text: string, start: number): number {
  return text.startsWith(POD, start) ? start + POD.length : start;
}

/** Whether a run of letters and digits may be an id, or its first group, or end in one. */
export function mayHoldId(text: string, start: number, end: number): boolean {
  if (end - start < FIRST_GROUP) return false;
  const first = idStart(text, start);
  const isId =
    isLength(end - first) || (end - first === FIRST_GROUP && (text[end] === '-' || text[end] === '_'));
  return isId && isHexadecimal(text, first, end);
}

function isLength(digits: number): boolean {
  return digits === 16 || digits === 32 || digits === 64;
}
