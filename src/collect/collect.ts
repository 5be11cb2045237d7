import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import { MissingSegmentError, unpackTape } from '../archive/unpack_tape.js';
import { KtapeError, notWritten, reasonOf } from '../errors.js';
import { counted } from '../report/counted.js';
import { MANIFEST } from '../tape/manifest.js';
import { mergeTapes } from '../tape/merge_tapes.js';
import type { Tape } from '../tape/tape.js';
import { listPods, podName } from './cluster.js';
import { execOutput } from './exec_output.js';

import { recordedTwice } from './recorded_twice.js';

/** Tapes that are fetched at a time. */
const AT_ONCE = 4;
/** A recorder that runs may remove or merge segments while its tape is read. */
const TRIES = 3;
/** Where tapes are put together, within the directory of the new tape. */
const PARTS = '.collecting';
/** The manifest comes first: it decides what is taken of the rest. */
const TAR = ['tar', '-c', '-f', '-', '--hard-dereference'];
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

export interface CollectOptions {
  readonly namespace: string;
  /** Labels of the recorders' pods. */
  readonly selector: string;
  /** Directory of the tape in the pods. */
  readonly path: string;
  /** Container that has it; by default the pod's default container. */
  readonly container?: string;
  /** Directory of the new tape, new or empty. */
  readonly output: string;
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
}

/** What came of a pod. */
export interface Collected {
  readonly pod: string;
  readonly node: string;
  /** Why its tape is not there; undefined if it is. */
  readonly failure: string | undefined;
  readonly segments: number;
  readonly bytes: number;
}

interface CollectEvents {
  /** A pod's tape was fetched, or could not be. */
  readonly onPod: (collected: Collected) => Promise<void>;
  /** Something of the new tape that its reader should know. */
  readonly onNotice: (notice: string) => Promise<void>;
  /** Takes what is to be done if the process ends before the tape is whole. */
  readonly onExit: (cleanUp: () => void) => void;
}

/**
 * Fetches the tape of every recorder in the cluster and merges them into one. A pod whose tape cannot be had is
 * told of and the others are kept. Throws a KtapeError when there is none at all; then nothing is left behind.
 */
export async function collect(
  config: KubeConfig,
  options: CollectOptions,
  { onPod, onNotice, onExit }: CollectEvents,
): Promise<readonly Collected[]> {
  const { output, namespace, selector } = options;
  const pods = await listPods(config, namespace, selector);
  if (pods.length === 0) throw new KtapeError(`no pods with ${selector} in namespace ${namespace}`);
  const isNew = await makeEmpty(output);
  const abandon = () => {
    if (!existsSync(output) || existsSync(join(output, MANIFEST))) return;
    for (const name of readdirSync(output)) rmSync(join(output, name), { recursive: true });
    if (isNew) rmdirSync(output);
  };
  onExit(abandon);
  try {
    const fetched = await fetchAll(config, options, pods, onPod);
    const tapes = fetched.map(({ result }) => result).filter((result) => typeof result !== 'string');
    if (tapes.length === 0)
      throw new KtapeError(`no tape could be fetched of ${counted(pods.length, 'pod')}`);
    await mergeTapes(tapes, output, options.tool, rename);
    await rm(join(output, PARTS), { recursive: true });
    const kept = fetched.flatMap(({ pod, result }) =>
      typeof result === 'string' ? [] : [{ pod: podName(pod), manifest: result.manifest }],
    );
    for (const notice of recordedTwice(kept)) await onNotice(`${notice}; choose one by --selector`);
    return fetched.map(({ pod, result }) => collectedOf(pod, result));
  } catch (error) {
    abandon();
    throw notWritten(output, error);
  }
}

/** Makes sure that the directory is there and empty; returns whether it was made. */
async function makeEmpty(directory: string): Promise<boolean> {
  const fail = (error: unknown) => {
    throw new KtapeError(`${directory}: ${reasonOf(error)}`);
  };
  const isNew = (await mkdir(directory, { recursive: true, mode: 0o700 }).catch(fail)) !== undefined;
  const [present] = await readdir(directory).catch(fail);
  if (present === undefined) return isNew;
  throw new KtapeError(`${directory}: not empty (it holds ${present}); a tape needs a new directory`);
}

/** What was fetched of a pod: its tape, or why there is none. */
interface Fetched {
  readonly pod: V1Pod;
  readonly result: Tape | string;
}

async function fetchAll(
  config: KubeConfig,
  options: CollectOptions,
  pods: readonly V1Pod[],
  onPod: CollectEvents['onPod'],
): Promise<Fetched[]> {
  const fetched: Fetched[] = [];
  const waiting = pods.entries();
  const known = new Map<string, string>();
  const fetchOneByOne = async () => {
    for (const [number, pod] of waiting) {
      const tape = await fetchTape(config, options, pod, join(options.output, PARTS, String(number)));
      const result = typeof tape === 'string' ? tape : (clash(tape, known) ?? tape);
      fetched.push({ pod, result });
      await onPod(collectedOf(pod, result));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchOneByOne));
  return fetched;
}

/** Adds the tape's segments to those that are known, by path and SHA-256; returns which of them contradicts, if one does. */
function clash({ manifest }: Tape, known: Map<string, string>): string | undefined {
  const segments = Object.values(manifest.tables).flat();
  const other = segments.find(({ path, sha256 }) => (known.get(path) ?? sha256) !== sha256);
  if (other !== undefined) return `another pod has a segment ${other.path} too, with other bytes`;
  for (const { path, sha256 } of segments) known.set(path, sha256);
  return undefined;
}

/** Fetches one pod's tape to a directory; returns it, or why there is none. */
async function fetchTape(
  config: KubeConfig,
  { namespace, path, container }: CollectOptions,
  pod: V1Pod,
  directory: string,
): Promise<Tape | string> {
  const phase = pod.status?.phase;
  if (phase !== 'Running')
    return `the pod is ${phase ?? 'in an unknown phase'}; a tape is read from a running one`;
  const named =
    container ?? pod.metadata?.annotations?.[DEFAULT_CONTAINER] ?? pod.spec?.containers[0]?.name ?? '';
  const place = { namespace, pod: podName(pod), container: named };
  const command = [...TAR, '-C', path, 'tape.json', '--exclude=./tape.json', '--exclude=./journal', '.'];
  for (let tries = 1; ; tries++) {
    try {
      await rm(directory, { recursive: true, force: true });
      // GNU tar ends with 1 when a file changed while it was read: SHA-256 tells whether that matters.
      return await unpackTape(execOutput(config, place, command, [0, 1]), directory);
    } catch (error) {
      if (!(error instanceof MissingSegmentError) || tries === TRIES) return `${named}: ${reasonOf(error)}`;
    }
  }
}

function collectedOf(pod: V1Pod, result: Tape | string): Collected {
  const found = typeof result === 'string' ? [] : Object.values(result.manifest.tables).flat();
  return {
    pod: podName(pod),
    node: pod.spec?.nodeName ?? '',
    failure: typeof result === 'string' ? result : undefined,
    segments: found.length,
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
