import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import type { JsonObject } from '../../../src/kubernetes/json.js';

interface Change {
  readonly version: number;
  readonly event: string;
}

/** Lists and watches of one kind over HTTP as an API server serves them, with the faults that the tests ask for. */
export class Api {
  /** Requests so far: method, path and query. */
  readonly requests: string[] = [];
  /** Status that every request gets, until it is undefined again. */
  refusing: { code: number; message: string } | undefined;
  pageSize = 500;
  /** The answer that this page of a list gets once, counting from 0. */
  refusingOnce: { page: number; code: number; message: string } | undefined;
  /** What its objects are. */
  served = { kind: 'Pod', apiVersion: 'v1' };
  /** Groups and versions that the server says it has, each with the resource `networkpolicies`. */
  groups: string[] = [];
  /** Status that lists and watches get, though not what the server says of itself. */
  forbidding: { code: number; message: string } | undefined;
  /** Whether every watch ends as soon as it begins. */
  endsAtOnce = false;
  private version = 100;
  private readonly pods = new Map<string, JsonObject>();
  private changes: Change[] = [];
  private readonly watches = new Set<ServerResponse>();
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<void> {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.breakWatches();
    this.server?.closeAllConnections();
    this.server?.close();
    await (this.server && once(this.server, 'close'));
    this.server = undefined;
  }

  config(): KubeConfig {
    const config = new KubeConfig();
    const cluster = { name: 'c', server: `http://127.0.0.1:${this.port}`, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: 'u', token: 'secret' });
    return config;
  }

  /** Creates or changes a pod, as the server's clients do. */
  put(name: string, labels: Readonly<Record<string, string>> = {}): void {
    const type = this.pods.has(name) ? 'MODIFIED' : 'ADDED';
    const metadata = {
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      resourceVersion: String(++this.version),
      labels,
    };
    this.pods.set(name, { metadata });
    this.tell(type, { metadata });
  }

  remove(name: string): void {
    const metadata = { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: String(++this.version) };
    this.pods.delete(name);
    this.tell('DELETED', { metadata });
  }

  /** Sends a line to every watch, whatever it is. */
  say(line: string): void {
    for (const response of this.watches) response.write(`${line}\n`);
  }

  /** Cuts the connections of all watches. */
  breakWatches(): void {
    for (const response of this.watches) response.destroy();
    this.watches.clear();
  }

  /** Ends all watches in good order, as their timeout does. */
  endWatches(): void {
    for (const response of this.watches) response.end();
    this.watches.clear();
  }

  /** Forgets all changes: a watch from an earlier version is told 410. */
  forgetChanges(): void {
    this.changes = [];
    this.version++;
  }

  get watching(): number {
    return this.watches.size;
  }

  private tell(type: string, object: JsonObject): void {
    const event = JSON.stringify({ type, object: { ...this.served, ...object } });
    this.changes.push({ version: this.version, event });
    this.say(event);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://api');
    this.requests.push(`${request.method} ${url.pathname}${url.search} ${request.headers.authorization}`);
    const about = this.description(url.pathname);
    const refusal = this.refusing ?? (about === undefined ? this.refusalOf(url.pathname) : undefined);
    if (refusal !== undefined) {
      response.writeHead(refusal.code).end(JSON.stringify({ kind: 'Status', ...refusal }));
    } else if (about !== undefined) response.end(JSON.stringify(about));
    else if (url.searchParams.has('watch'))
      this.watch(Number(url.searchParams.get('resourceVersion')), response);
    else this.list(Number(url.searchParams.get('continue') ?? 0), response);
  }

  /** What the server says of itself. */
  private description(path: string): JsonObject | undefined {
    if (path === '/apis')
      return { groups: [{ versions: this.groups.map((groupVersion) => ({ groupVersion })) }] };
    const version = this.groups.find((served) => path === `/apis/${served}`);
    return version === undefined ? undefined : { resources: [{ name: 'networkpolicies' }] };
  }

  /** Asks for permission first, as the real one does, and only then whether there is such a group. */
  private refusalOf(path: string): { code: number; message: string } | undefined {
    if (this.forbidding !== undefined || path.startsWith('/api/')) return this.forbidding;
    const isThere = this.groups.some((group) => path.startsWith(`/apis/${group}/`));
    return isThere ? undefined : { code: 404, message: 'the server could not find the requested resource' };
  }

  private list(start: number, response: ServerResponse): void {
    if (this.refusingOnce !== undefined && start === this.refusingOnce.page * this.pageSize) {
      response
        .writeHead(this.refusingOnce.code)
        .end(JSON.stringify({ kind: 'Status', ...this.refusingOnce }));
      this.refusingOnce = undefined;
      return;
    }
    const items = [...this.pods.values()].slice(start, start + this.pageSize);
    const next = start + items.length;
    const rest = next < this.pods.size ? { continue: String(next) } : {};
    const metadata = { resourceVersion: String(this.version), ...rest };
    const { kind, apiVersion } = this.served;
    response.end(JSON.stringify({ kind: `${kind}List`, apiVersion, metadata, items }));
  }

  private watch(from: number, response: ServerResponse): void {
    response.writeHead(200).flushHeaders();
    if (this.endsAtOnce) {
      response.end();
      return;
    }
    const [oldest] = this.changes;
    if (from < (oldest === undefined ? this.version : oldest.version - 1)) {
      const status = { kind: 'Status', code: 410, message: `too old resource version: ${from}` };
      response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      return;
    }
    for (const { version, event } of this.changes) if (version > from) response.write(`${event}\n`);
    this.watches.add(response);
    response.on('close', () => this.watches.delete(response));
  }
}
