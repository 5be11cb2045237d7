/** Nanoseconds since the Unix epoch by the system's clock, which has a millisecond's resolution here. */
export function epochNow(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
