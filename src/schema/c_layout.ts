/** A type as C declares it, with natural alignment. */
export interface CType {
  readonly name: string;
  /** Bytes of one element; also its alignment. */
  readonly width: 1 | 2 | 4 | 8;
  /** Elements of an array; undefined for a single value. */
  readonly length?: number;
}

export const u8: CType = { name: '__u8', width: 1 };
export const u16: CType = { name: '__u16', width: 2 };
export const u32: CType = { name: '__u32', width: 4 };
export const u64: CType = { name: '__u64', width: 8 };

/** An array of `length` elements. */
export function arrayOf(type: CType, length: number): CType {
  return { ...type, length };
}

/** Size of a value in bytes. */
function bytesOf(type: CType): number {
  return type.width * (type.length ?? 1);
}

/** One member of a C struct; padding is a member too, with a name that begins `padding`. */
export interface Member {
  readonly name: string;
  readonly type: CType;
  readonly offset: number;
}

/** A C struct laid out without holes, its size a multiple of 8. */
export interface Layout<N extends string = string> {
  readonly bytes: number;
  readonly members: readonly Member[];
  readonly offsets: Readonly<Record<N, number>>;
}

/** Lays out a struct that begins with `start` bytes (a multiple of 8) laid out elsewhere. */
export function layOut<const N extends string>(fields: Readonly<Record<N, CType>>, start = 0): Layout<N> {
  const members: Member[] = [];
  let end = start;
  const alignTo = (width: number) => {
    const gap = (width - (end % width)) % width;
    if (gap === 0) return;
    members.push({ name: `padding_${end}`, type: arrayOf(u8, gap), offset: end });
    end += gap;
  };
  const offsets: Partial<Record<N, number>> = {};
  for (const name of Object.keys(fields) as N[]) {
    const type = fields[name];
    alignTo(type.width);
    offsets[name] = end;
    members.push({ name, type, offset: end });
    end += bytesOf(type);
  }
  alignTo(8);
  return { bytes: end, members, offsets: offsets as Record<N, number> };
}
