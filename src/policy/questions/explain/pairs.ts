import { KtapeError } from '../../../errors.js';
import type { Connection, Endpoint, ServiceEndpoint } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import type { IpBytes } from '../../ip.js';
import { isSamePod } from '../../rules/ends.js';
import { portNumbers } from '../../rules/port_range.js';
import type { Who } from '../names/directory.js';
import type { NamedEnd } from '../names/named_ends.js';
import type { AskedConnection } from './asked_connection.js';

/** One of the connections that an asked one stands for. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly connection: Connection;
}

/** An end to connect to, with a port's number; null where the protocol has none or it is not known. */
interface Target {
  readonly end: NamedEnd;
  readonly port: number | null;
}

/**
 * Every connection that an asked one stands for: from each end to each end of the same address family. Connections of a
 * pod with itself are left out where there are others. Throws a KtapeError where the destination has no port of that
 * name.
 */
export function pairsOf(
  timeline: ClusterTimeline,
  state: StateAt,
  from: Who,
  to: Who,
  { port, protocol }: Pick<AskedConnection, 'port' | 'protocol'>,
): Pair[] {
  const targets = to.ends.flatMap((end) => targetsOf(timeline, state, end, port, protocol));
  const [source] = from.ends;
  const [target] = targets;
  // Most are between two pods.
  if (source && target && from.ends.length === 1 && targets.length === 1)
    return pairOf(source, target, protocol);
  const pairs = from.ends.flatMap((one) => targets.flatMap((other) => pairOf(one, other, protocol)));
  const others = pairs.filter(({ connection }) => !isToItself(connection));
  return others.length > 0 ? others : pairs;
}

function pairOf({ name, endpoint }: NamedEnd, { end, port }: Target, protocol: string): Pair[] {
  const to = isSameTemplate(endpoint, end) ? (end.replica ?? end.endpoint) : end.endpoint;
  if (!isOfFamily(endpoint, to.ip)) return [];
  const connection = { source: endpoint, destination: to, protocol, sourcePort: null, destinationPort: port };
  return [{ from: name, to: end.name, connection }];
}

/** A template, which has no address, may come to have one of either family. */
function isOfFamily({ ip }: Endpoint, other: IpBytes | undefined): boolean {
  return ip === undefined || other === undefined || ip.length === other.length;
}

function isSameTemplate(source: Endpoint, { endpoint, replica }: NamedEnd): boolean {
  return (
    replica !== undefined && source.kind === 'pod' && endpoint.kind === 'pod' && source.pod === endpoint.pod
  );
}

function isToItself({ source, destination }: Connection): boolean {
  return source.kind === 'pod' && destination.kind === 'pod' && isSamePod(source.pod, destination.pod);
}

/** A service stands for its backends; where they are not known it stays what it is, and cannot be judged. */
function targetsOf(
  timeline: ClusterTimeline,
  state: StateAt,
  end: NamedEnd,
  port: number | string | null,
  protocol: string,
): Target[] {
  if (end.endpoint.kind === 'service') return backendsOf(timeline, state, end, end.endpoint, port, protocol);
  if (typeof port !== 'string') return [{ end: atNodePort(timeline, state, end, port, protocol), port }];
  return portsNamed(end, port, protocol).map((number) => ({ end, port: number }));
}

/**
 * At a NodePort nobody says which backend is chosen, whether policies see the connection before or after it is sent on,
 * and whether the backend sees who opened it: it cannot be judged.
 */
function atNodePort(
  { history }: ClusterTimeline,
  { time }: StateAt,
  end: NamedEnd,
  port: number | null,
  protocol: string,
): NamedEnd {
  const { kind, address, ip } = end.endpoint;
  const service = kind === 'node' && history.services.nodePorts.at(`${protocol} ${port}`, time);
  if (!service) return end;
  const why = `${protocol} ${port} of a node is a NodePort of service ${service}, which is not followed to its backends: ask for '${service}[Service]'`;
  return { name: end.name, endpoint: { kind: 'unknown', address, ip, why } };
}

function backendsOf(
  timeline: ClusterTimeline,
  state: StateAt,
  end: NamedEnd,
  { service, ip }: ServiceEndpoint,
  port: number | string | null,
  protocol: string,
): Target[] {
  const number = typeof port === 'string' ? servicePort(timeline, state, service, port, protocol) : port;
  const all = (number !== null && state.backends(service, number, protocol)) || [];
  const backends = all.filter(({ endpoint }) => isOfFamily(endpoint, ip));
  if (backends.length === 0) return [{ end, port: number }];
  return backends.map((backend) => ({
    end: { name: nameOf(backend.endpoint), endpoint: backend.endpoint },
    port: backend.port,
  }));
}

function servicePort(
  { history }: ClusterTimeline,
  { time }: StateAt,
  service: string,
  name: string,
  protocol: string,
): number {
  const ports = history.services.portsOf(service, time) ?? [];
  const found = ports.find((one) => one.name === name && one.protocol === protocol);
  if (found === undefined) throw new KtapeError(noPort(`service ${service}`, name, protocol, ports));
  return found.port;
}

/** Of an end whose pod is not known, no port is. */
function portsNamed({ name, endpoint }: NamedEnd, port: string, protocol: string): (number | null)[] {
  if (endpoint.kind === 'unknown') return [null];
  if (endpoint.kind !== 'pod') {
    throw new KtapeError(
      `port "${port}": only pods and services have ports with a name, and ${name} is neither`,
    );
  }
  const numbers = portNumbers(endpoint.pod, port, protocol);
  if (numbers.length === 0) throw new KtapeError(noPort(name, port, protocol, endpoint.pod.ports));
  return numbers;
}

function noPort(
  who: string,
  name: string,
  protocol: string,
  ports: readonly { readonly name: string | null; readonly port: number; readonly protocol: string }[],
): string {
  const named = ports.flatMap((one) =>
    one.name === null ? [] : `${one.name} (${one.protocol} ${one.port})`,
  );
  return `${who} has no ${protocol} port named "${name}"; it has ${named.join(', ') || 'none with a name'}`;
}

function nameOf(endpoint: Endpoint): string {
  return endpoint.kind === 'pod' ? `${endpoint.pod.namespace}/${endpoint.pod.name}` : endpoint.address;
}
