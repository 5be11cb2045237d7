/** Names that the loader sent for numbers of this kernel, as bytes. */
export class KernelNames {
  private readonly dropReasons = new Map<number, Uint8Array>();
  private readonly functions = new Map<number, Uint8Array>();
  private readonly encoder = new TextEncoder();

  nameDropReason(value: bigint, name: string): void {
    this.dropReasons.set(Number(value), this.encoder.encode(name));
  }

  /** An empty name says that the kernel hides it. */
  nameFunction(address: bigint, name: string): void {
    const key = addressKey(Number(address & 0xffff_ffffn), Number(address >> 32n));
    if (name === '') this.functions.delete(key);
    else this.functions.set(key, this.encoder.encode(name));
  }

  /**
   * Name of a drop reason; its number where the kernel did not tell (a module loaded later). Kernels
   * before 5.17 have no reasons: all are then what later ones call NOT_SPECIFIED.
   */
  dropReason(value: number): Uint8Array {
    const known = this.dropReasons.get(value);
    if (known !== undefined) return known;
    const text = this.encoder.encode(value === 0 ? 'NOT_SPECIFIED' : String(value));
    this.dropReasons.set(value, text);
    return text;
  }

  /** Name of the function at an address, given as its low and high 32 bits; undefined where hidden. */
  function(low: number, high: number): Uint8Array | undefined {
    return this.functions.get(addressKey(low, high));
  }
}

/** The low 52 bits: what a number holds exactly, and all that differs between kernel addresses. */
function addressKey(low: number, high: number): number {
  return (high & 0xf_ffff) * 2 ** 32 + (low >>> 0);
}
