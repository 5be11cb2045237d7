import { readFileSync } from 'node:fs';

/*
 * What running processes use, as /proc has it: a benchmark of the recorder looks at it from outside, with its loader.
 */

/** In which the kernel gives processor time to programs; the same on every Linux that Node.js runs on. */
const TICKS_A_SECOND = 100;

/** A process and its children. */
export function withChildren(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

/** Seconds of processor time that each of them has used, of all its threads and of the kernel for them. */
export function usedCpuSeconds(pids: readonly number[]): readonly number[] {
  return pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, with whatever that has in it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  });
}

/** The most memory that they have had resident, in bytes. */
export function peakResidentBytes(pids: readonly number[]): number {
  const peak = (pid: number) => /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return sum(pids.map((pid) => Number(peak(pid)) * 1024));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
