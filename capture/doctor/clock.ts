import { setTimeout as sleep } from 'node:timers/promises';
import { type Finding, wanted } from './finding.js';

/** Smaller changes are the clock being slewed, or this process being late. */
const STEP_MS = 10;
/** The API server tells seconds only, and its answer takes a while. */
const APART_MS = 2_000;
const WATCH_MS = 1_000;

/** What it means that the wall clock moved so much against the one that never steps, while it was looked at. */
export function stepFinding(stepMs: number): Finding {
  const problem =
    Math.abs(stepMs) > STEP_MS
      ? `the wall clock moved by ${Math.round(stepMs)} ms within a second: times will be doubtful`
      : undefined;
  return wanted('wall clock', problem, 'steady');
}

/** What it means that the API server's clock is so much ahead of this one. */
export function aheadFinding(aheadMs: number): Finding {
  const apart = `${Math.abs(aheadMs / 1000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'}`;
  const problem =
    Math.abs(aheadMs) > APART_MS
      ? `the API server's clock is ${apart} this one: nodes' times will not fit together`
      : undefined;
  return wanted('clock of the cluster', problem, 'the API server has the same time');
}

/** Looks for a second how far the wall clock moves against the one that never steps, in milliseconds. */
export async function watchClock(): Promise<number> {
  const apart = () => Date.now() - performance.now();
  const before = apart();
  await sleep(WATCH_MS);
  return apart() - before;
}
