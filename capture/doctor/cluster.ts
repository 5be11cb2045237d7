import { setMaxListeners } from 'node:events';
import { reasonOf } from '../../src/errors.js';
import { objectAt, textAt } from '../../src/kubernetes/json.js';
import { collectionPath, kindName, WATCHED_KINDS, type WatchedKind } from '../../src/kubernetes/kinds.js';
import { ApiServer } from '../kubernetes/api_server.js';
import { Discovery } from '../kubernetes/discovery.js';
import { loadKubeConfig } from '../kubernetes/kubeconfig.js';
import { aheadFinding } from './clock.js';
import type { Finding } from './finding.js';

/** What an API server did when it was tried. */
export interface ClusterTrial {
  readonly url: string;
  readonly kinds: readonly KindTrial[];
  /** How far its clock is ahead of this one, in milliseconds, to about a second. */
  readonly aheadMs: number;
}

interface KindTrial {
  readonly kind: string;
  readonly isServed: boolean;
  /** Why it cannot be listed and watched; undefined if it can. */
  readonly failure: string | undefined;
}

const WITHIN_MS = 30_000;

/** What it means for recording the cluster's objects; a text says why it could not be tried. */
export function clusterFindings(trial: ClusterTrial | string): Finding[] {
  if (typeof trial === 'string') return [{ check: 'kubernetes', ok: 'no', detail: trial }];
  const absent = trial.kinds.filter(({ isServed }) => !isServed).map(({ kind }) => kind);
  const failed = trial.kinds.filter(({ failure }) => failure !== undefined);
  const good = trial.kinds.length - absent.length - failed.length;
  const without = absent.length === 0 ? '' : `; the cluster does not have ${absent.join(', ')}`;
  return [
    {
      check: 'kubernetes',
      ok: good > 0 ? 'yes' : 'no',
      detail: `${trial.url}: ${good} kinds can be listed and watched${without}`,
    },
    ...failed.map(
      ({ kind, failure = '' }): Finding => ({ check: `kubernetes ${kind}`, ok: 'no', detail: failure }),
    ),
    aheadFinding(trial.aheadMs),
  ];
}

/** Lists and watches one object of every kind, for a moment. `source` is as in `--kubernetes`. */
export async function tryCluster(
  source: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ClusterTrial | string> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  // Every kind listens, to its request.
  setMaxListeners(0, signal);
  try {
    const reload = () => loadKubeConfig(source, environment);
    const server = new ApiServer(await reload(), reload);
    const aheadMs = await clockAhead(server, signal);
    const discovery = new Discovery(server, signal);
    const kinds = await Promise.all(WATCHED_KINDS.map((kind) => tryKind(server, discovery, kind, signal)));
    return { url: server.url, kinds, aheadMs };
  } catch (error) {
    return reasonOf(error);
  }
}

async function clockAhead(server: ApiServer, signal: AbortSignal): Promise<number> {
  const asked = Date.now();
  const response = await server.open('/version', {}, signal);
  const here = (asked + Date.now()) / 2;
  response.destroy();
  // A second is told by its beginning.
  return Date.parse(response.headers.date ?? '') + 500 - here;
}

async function tryKind(
  server: ApiServer,
  discovery: Discovery,
  kind: WatchedKind,
  signal: AbortSignal,
): Promise<KindTrial> {
  const name = kindName(kind.apiVersion, kind.kind);
  try {
    const apiVersion = await discovery.servedVersion(kind, kind.apiVersion);
    if (apiVersion === undefined) return { kind: name, isServed: false, failure: undefined };
    const path = collectionPath({ ...kind, apiVersion });
    const list = await server.get(path, { limit: '1' }, signal);
    const resourceVersion = textAt(objectAt(list, 'metadata'), 'resourceVersion') ?? '';
    (await server.open(path, { watch: '1', timeoutSeconds: '1', resourceVersion }, signal)).destroy();
    return { kind: name, isServed: true, failure: undefined };
  } catch (error) {
    return { kind: name, isServed: true, failure: reasonOf(error) };
  }
}
