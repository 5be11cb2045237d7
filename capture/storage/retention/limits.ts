/** How much of the disk a recording may take. */
export interface DiskLimits {
  /** What was received longer ago goes, nanoseconds; undefined: no age is too great. */
  readonly keepNs?: bigint;
  /** Bytes that the whole directory may have; undefined: as many as there is room for. */
  readonly maxBytes?: number;
  /** What must stay free on the file system. */
  readonly minFree: FreeSpace;
}

/** A number of bytes, or a share of the file system between 0 and 1. */
export type FreeSpace = { readonly bytes: number } | { readonly share: number };

export const DEFAULT_DISK_LIMITS: DiskLimits = { minFree: { share: 0.05 } };

/** Whether the recording is a window that moves on: the oldest goes where there is no room for the newest. */
export function isWindow({ keepNs, maxBytes }: DiskLimits): boolean {
  return keepNs !== undefined || maxBytes !== undefined;
}

/** Bytes that must stay free on a file system of this size. */
export function bytesToLeave(free: FreeSpace, size: number): number {
  return 'bytes' in free ? free.bytes : Math.ceil(free.share * size);
}
