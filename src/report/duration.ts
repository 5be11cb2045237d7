const UNITS = [
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['µs', 1000n],
] as const;

/** Nanoseconds as a person reads them, with three digits after the point: `3.002 s`, `-1.250 ms`, `12 ns`. */
export function durationText(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const [unit, one] = UNITS.find(([, one]) => size >= one) ?? ['ns', 1n];
  if (one === 1n) return `${ns} ns`;
  const thousandths = ((size * 1000n) / one).toString().padStart(4, '0');
  return `${ns < 0n ? '-' : ''}${thousandths.slice(0, -3)}.${thousandths.slice(-3)} ${unit}`;
}
