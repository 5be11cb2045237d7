import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { fileOf, type Moment, type SystemCall, stringsOf } from './strace_log.js';

/** What a recorder was doing when it was killed. */
export const PHASES = ['append', 'sync', 'seal', 'rename', 'tape.json', 'repair'] as const;
export type Phase = (typeof PHASES)[number];

/** Kills a process at the nth system call of this name that one of its threads begins. */
export interface Aim {
  readonly call: string;
  readonly nth: number;
  /** Counts only calls for this file of the tape, where it is given. */
  readonly file?: string;
}

/** Calls that happen in a phase, and how many of them a thread has then made, at most. */
const CALLS: Record<Phase, readonly (readonly [call: string, most: number])[]> = {
  append: [['pwritev', 30]],
  sync: [['fdatasync', 6]],
  seal: [['fsync', 2]],
  rename: [['rename', 3]],
  'tape.json': [
    ['rename', 2],
    ['fsync', 2],
  ],
  repair: [
    ['fsync', 2],
    ['rename', 2],
    ['unlink', 1],
  ],
};

/** Every call that an aim may be at, for strace to look at. */
export const AIMED_CALLS = [...new Set(PHASES.flatMap((phase) => CALLS[phase].map(([call]) => call)))].join(
  ',',
);

/** A place that probably lies in the phase. */
export function aimAt(phase: Phase): Aim {
  const calls = CALLS[phase];
  const [call, most] = calls[randomInt(calls.length)] ?? ['fsync', 1];
  const aim = { call, nth: 1 + randomInt(most) };
  return phase === 'tape.json' ? { ...aim, file: 'tape.json.tmp' } : aim;
}

/** How strace is told, for a tape. With `--seccomp-bpf` strace 6.1 does not count the calls. */
export function injecting({ call, nth, file }: Aim, tape: string): string[] {
  const only = file === undefined ? [] : ['-P', join(tape, file)];
  return [...only, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`];
}

/** The phase in which the process was killed, by its last call of the aimed name. */
export function phaseHit(moments: readonly Moment[], { call }: Aim, repairing: boolean): Phase {
  if (repairing) return 'repair';
  const last = moments.findLast((moment) => moment.call.name === call)?.call;
  if (last === undefined) throw new Error(`the log has no ${call}`);
  return phaseOf(last);
}

function phaseOf(call: SystemCall): Phase {
  const path = `${fileOf(call)} ${stringsOf(call).join(' ')}`;
  if (call.name === 'pwritev') return 'append';
  if (call.name === 'fdatasync' || path.includes('/journal ')) return 'sync';
  if (path.includes('/tape.json')) return 'tape.json';
  return call.name === 'rename' ? 'rename' : 'seal';
}
