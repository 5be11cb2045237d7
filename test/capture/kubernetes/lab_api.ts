import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { Admission } from '../../../fixtures/lab/api_server/admission.js';
import { ApiServer } from '../../../fixtures/lab/api_server/http.js';
import { Store } from '../../../fixtures/lab/api_server/store.js';
import type { KubernetesObject } from '../../../fixtures/lab/kubernetes_objects.js';
import { until } from '../until.js';

/** The lab's API server in the test's own process. Its store stays when it is stopped, as etcd does. */
export class LabApi {
  readonly store = new Store();
  /** Those it takes. */
  readonly tokens = new Set(['secret']);
  /** Requests so far, path and query. */
  readonly requests: URL[] = [];
  /** Their methods. */
  readonly methods = new Set<string | undefined>();
  /** Answers a request in the server's place, or does something before; says whether it has answered. */
  intercept: (url: URL, response: ServerResponse) => boolean = () => false;
  private readonly api: ApiServer;
  private watches: ServerResponse[] = [];
  private server: Server | undefined;
  port = 0;

  constructor(
    private readonly tls?: ServerOptions,
    bookmarkEveryMs?: number,
  ) {
    this.api = new ApiServer(this.store, new Admission('10.180.0.0/16'), this.tokens, bookmarkEveryMs);
  }

  async start(): Promise<void> {
    const answer = this.api.listener(false);
    const listener: RequestListener = (request, response) => {
      const url = new URL(request.url ?? '/', 'http://api');
      this.requests.push(url);
      this.methods.add(request.method);
      if (url.searchParams.has('watch')) this.watches.push(response);
      if (!this.intercept(url, response)) answer(request, response);
    };
    this.server = this.tls === undefined ? createServer(listener) : createTlsServer(this.tls, listener);
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = this.server && once(this.server, 'close');
    this.server?.close();
    this.server?.closeAllConnections();
    await closed;
    this.server = undefined;
  }

  breakConnections(): void {
    this.server?.closeAllConnections();
  }

  /** Ends all watches in good order, as their timeout does. */
  endWatches(): void {
    for (const response of this.watches) response.end();
    this.watches = [];
  }

  config(): KubeConfig {
    const config = new KubeConfig();
    const cluster = { name: 'c', server: `http://127.0.0.1:${this.port}`, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: 'u', token: 'secret' });
    return config;
  }

  /** Creates a pod, or changes its label `v`. */
  put(name: string, v?: string): void {
    const metadata = { namespace: 'shop', name, ...(v !== undefined && { labels: { v } }) };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata } as KubernetesObject;
    const exists = this.store.list('Pod').some((other) => other.metadata.name === name);
    if (exists) this.store.update(pod);
    else this.store.create(pod);
  }

  remove(name: string): void {
    this.store.delete('Pod', `shop/${name}`);
  }

  /** Lists and watches, in order: `list`, `watch 17`. */
  get asked(): string[] {
    return this.requests.map(({ searchParams }) =>
      searchParams.has('watch') ? `watch ${searchParams.get('resourceVersion')}` : 'list',
    );
  }
}

/** Whether a request is a watch of pods. */
export function isWatchOfPods({ pathname, searchParams }: URL): boolean {
  return pathname === '/api/v1/pods' && searchParams.has('watch');
}

/** Whether a request begins a list of pods. */
export function isListOfPods({ pathname, searchParams }: URL): boolean {
  return pathname === '/api/v1/pods' && !searchParams.has('watch') && !searchParams.has('continue');
}

/** Resolves when the recorder has read all up to now of an API server whose watches it ends, and watches pods on. */
export async function hasRead(api: LabApi): Promise<void> {
  const version = String(api.store.resourceVersion);
  api.endWatches();
  await until('it has read all, and watches from there', () =>
    api.requests.some((url) => isWatchOfPods(url) && url.searchParams.get('resourceVersion') === version),
  );
}
