import { dirname } from 'node:path';
import { fileOf, type Moment, type SystemCall, stringsOf } from './strace_log.js';

/** What a recorder did that would not have survived a power cut. */
export interface Durability {
  readonly violations: readonly string[];
  /** Requests that were acknowledged, in order. */
  readonly acknowledged: readonly string[];
  /** Files that were renamed to their names, and removed, in order. */
  readonly renamed: readonly string[];
  readonly removed: readonly string[];
}

/** Requests carry a text like `request-000042` near their beginning. */
const REQUEST = /request-\d{6}/g;

/**
 * Judges the system calls of a recorder: whoever was told OK finds the request on the disk, tape.json names only what is
 * there, and the journal goes only when that is.
 */
export function judgeDurability(moments: readonly Moment[]): Durability {
  const disk = new Disk();
  for (const { kind, call } of moments) {
    if (kind === 'begins') disk.begins(call);
    else if ((call.result ?? -1) >= 0) disk.returned(call);
  }
  return disk;
}

class Disk implements Durability {
  readonly violations: string[] = [];
  readonly acknowledged: string[] = [];
  readonly renamed: string[] = [];
  readonly removed: string[] = [];
  /** By file: what was written to it and not synced. A request is a text of its own. */
  private readonly unsynced = new Map<string, Set<string>>();
  /** Names that were made, and whose directory was not synced since. */
  private readonly unnamed = new Set<string>();
  /** What a sync that has begun will have made safe; what comes while it runs is for the next. */
  private readonly syncing = new Map<string, readonly string[]>();
  /** Where a request is, by its text. */
  private readonly placeOf = new Map<string, string>();
  /** The last request that came by a socket. */
  private readonly asked = new Map<string, string>();

  begins(call: SystemCall): void {
    const file = fileOf(call);
    if (call.name === 'fsync' || call.name === 'fdatasync') {
      const names = [...this.unnamed].filter((name) => dirname(name) === file);
      this.syncing.set(file, [...names, ...(this.unsynced.get(file) ?? [])]);
    }
    if (isAnswer(call)) this.acknowledges(this.asked.get(file) ?? `nothing that was asked by ${file}`);
    if (call.name === 'unlink') this.removes(pathOf(call));
    if (call.name === 'rename') this.renames(call);
  }

  returned(call: SystemCall): void {
    const file = fileOf(call);
    if (call.name === 'fsync' || call.name === 'fdatasync') this.synced(file);
    else if (call.name === 'read') this.reads(file, call);
    else if (call.name === 'mkdir' || (call.name === 'openat' && call.args.includes('O_CREAT')))
      this.unnamed.add(pathOf(call));
    else if (call.name === 'rename') this.unnamed.add(pathOf(call, 1));
    else if (call.name.includes('write') && file.startsWith('/')) this.writes(file, call);
  }

  private reads(socket: string, call: SystemCall): void {
    const request = requestsIn(call).at(-1);
    if (request !== undefined) this.asked.set(socket, request);
  }

  private writes(file: string, call: SystemCall): void {
    const unsynced = this.unsynced.get(file) ?? new Set();
    this.unsynced.set(file, unsynced.add('content'));
    if (!file.endsWith('.journal')) return;
    for (const request of requestsIn(call)) {
      unsynced.add(request);
      this.placeOf.set(request, file);
    }
  }

  private synced(file: string): void {
    for (const safe of this.syncing.get(file) ?? []) {
      this.unnamed.delete(safe);
      this.unsynced.get(file)?.delete(safe);
    }
  }

  private acknowledges(request: string): void {
    this.acknowledged.push(request);
    const file = this.placeOf.get(request);
    if (file === undefined) this.violations.push(`${request} was acknowledged and is in no journal`);
    else if (this.unsynced.get(file)?.has(request))
      this.violations.push(`${request} was acknowledged before ${file} was synced`);
    else this.expectNamed(`${request} was acknowledged`, (name) => file.startsWith(name));
  }

  private renames(call: SystemCall): void {
    const [from, to] = [pathOf(call), pathOf(call, 1)];
    this.renamed.push(to);
    if ((this.unsynced.get(from)?.size ?? 0) > 0)
      this.violations.push(`${from} was renamed before it was synced`);
    this.unsynced.delete(from);
    this.unnamed.delete(from);
    if (to.endsWith('/tape.json')) {
      this.expectNamed(`${to} was renamed`, (name) => !name.includes('/journal/'));
    }
  }

  private removes(path: string): void {
    this.removed.push(path);
    this.unnamed.delete(path);
    this.expectNamed(`${path} was removed`, (name) => !name.includes('/journal/'));
  }

  private expectNamed(what: string, matters: (name: string) => boolean): void {
    const missing = [...this.unnamed].find(matters);
    if (missing !== undefined)
      this.violations.push(`${what} before ${dirname(missing)} was synced for ${missing}`);
  }
}

function pathOf(call: SystemCall, place = 0): string {
  return stringsOf(call)[place]?.toString() ?? '';
}

function requestsIn(call: SystemCall): string[] {
  return Buffer.concat(stringsOf(call)).toString('latin1').match(REQUEST) ?? [];
}

/** Whether a call answers a request with success: by HTTP/1.1, or a message by HTTP/2. */
function isAnswer(call: SystemCall): boolean {
  if (!/^writev?$/.test(call.name) || !fileOf(call).startsWith('socket:')) return false;
  const bytes = Buffer.concat(stringsOf(call));
  return bytes.subarray(0, 12).toString() === 'HTTP/1.1 200' || http2Frames(bytes).includes(DATA);
}

const DATA = 0;

/** Types of the HTTP/2 frames that begin in the bytes. */
function http2Frames(bytes: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
    types.push(bytes.readUInt8(at + 3));
  return types;
}
