/** A step of the wall clock, seen as a change of its distance from the clock since boot. */
export interface ClockJump {
  /** Between these two times on the new wall clock, nanoseconds since the epoch. */
  readonly since: bigint;
  readonly until: bigint;
  /** How far it went forward, or back if negative, in nanoseconds. */
  readonly byNs: bigint;
}

/** Smaller changes are the clock being read, or slewed; larger ones put events in a wrong order. */
const JUMP_NS = 10_000_000n;

/** Turns times since boot, as the kernel sends them, into wall-clock times. */
export class BootClock {
  private bootNs: bigint | undefined;
  private offsetNs = 0n;
  private offsetLow = 0;
  private offsetHigh = 0;

  /** Takes both clocks as read together; returns the jump since the last reading, if there was one. */
  set(bootNs: bigint, epochNs: bigint): ClockJump | undefined {
    const previous = this.bootNs;
    const byNs = epochNs - bootNs - this.offsetNs;
    this.bootNs = bootNs;
    this.offsetNs += byNs;
    this.offsetLow = Number(BigInt.asUintN(32, this.offsetNs));
    this.offsetHigh = Number(BigInt.asIntN(32, this.offsetNs >> 32n));
    if (previous === undefined || (byNs < JUMP_NS && byNs > -JUMP_NS)) return undefined;
    return { since: this.epochNs(previous), until: epochNs, byNs };
  }

  /** Wall-clock time of the last reading; undefined before the first. */
  get lastReading(): bigint | undefined {
    return this.bootNs === undefined ? undefined : this.epochNs(this.bootNs);
  }

  epochNs(bootNs: bigint): bigint {
    return bootNs + this.offsetNs;
  }

  /** Low 32 bits of the wall-clock time of a boot time, both unsigned. */
  low(bootLow: number): number {
    return (bootLow + this.offsetLow) >>> 0;
  }

  /** High 32 bits of the wall-clock time of a boot time whose halves these are. */
  high(bootLow: number, bootHigh: number): number {
    return bootHigh + this.offsetHigh + (bootLow + this.offsetLow > 0xffff_ffff ? 1 : 0);
  }
}
