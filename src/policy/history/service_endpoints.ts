import { type JsonObject, objectAt, objectsAt, textAt } from '../../kubernetes/json.js';
import { Versions } from '../../kubernetes/versions.js';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** The ready endpoints that a slice lists, and the ports on which they serve. */
export interface ReadyEndpoints {
  readonly addresses: readonly string[];
  readonly ports: readonly NamedPort[];
}

interface NamedPort {
  /** Null for a port without a name. */
  readonly name: string | null;
  readonly port: number;
  readonly protocol: string;
}

/** The ready endpoints that each service has had when, from its EndpointSlices. */
export class ServiceEndpoints {
  /** By namespace/name of the service, then by name of the slice. */
  private readonly slices = new Map<string, Map<string, Versions<ReadyEndpoints>>>();
  private readonly serviceOf = new Map<string, string>();

  /** Takes up a version of a slice; undefined: it is not there any more. */
  set(time: bigint, namespace: string, name: string, slice: JsonObject | undefined): void {
    const key = `${namespace}/${name}`;
    const label = slice === undefined ? null : textAt(objectAt(slice, 'metadata', 'labels'), SERVICE_LABEL);
    const service = label === null ? this.serviceOf.get(key) : `${namespace}/${label}`;
    const before = this.serviceOf.get(key);
    if (before !== undefined && before !== service) this.slices.get(before)?.get(name)?.set(time, undefined);
    if (service === undefined) return;
    this.serviceOf.set(key, service);
    const slices = this.slices.get(service) ?? new Map<string, Versions<ReadyEndpoints>>();
    this.slices.set(service, slices);
    const versions = slices.get(name) ?? new Versions<ReadyEndpoints>();
    slices.set(name, versions);
    versions.set(time, slice && readyEndpoints(slice));
  }

  /** What the slices of a service list at a time; undefined where it has never had one. */
  at(service: string, time: bigint): ReadyEndpoints[] | undefined {
    const slices = this.slices.get(service);
    return slices && [...slices.values()].flatMap((versions) => versions.at(time) ?? []);
  }

  /** What every service's slices list at a time. */
  allAt(time: bigint): ReadyEndpoints[] {
    return [...this.slices.keys()].flatMap((service) => this.at(service, time) ?? []);
  }

  /** Whether the service had no ready endpoint at some moment from `since` to `until`. False where it has no slices. */
  wasEmpty(service: string, since: bigint, until: bigint): boolean {
    const slices = [...(this.slices.get(service)?.values() ?? [])];
    if (slices.length === 0) return false;
    const changes = slices.flatMap(({ all }) => all.map(({ from }) => from));
    const moments = [since, ...changes.filter((time) => time > since && time <= until)];
    return moments.some((time) => slices.every((versions) => !versions.at(time)?.addresses.length));
  }

  /** Every time at which a service gained or lost endpoints. */
  get boundaries(): bigint[] {
    return [...this.slices.values()]
      .flatMap((slices) => [...slices.values()])
      .flatMap(({ all }) => all.map(({ from }) => from));
  }
}

/** An endpoint whose readiness is not said is ready, as the API defines it. */
function readyEndpoints(slice: JsonObject): ReadyEndpoints {
  const ready = objectsAt(slice, 'endpoints').filter((one) => objectAt(one, 'conditions').ready !== false);
  return {
    addresses: ready.flatMap(({ addresses }) => (Array.isArray(addresses) ? addresses.map(String) : [])),
    ports: objectsAt(slice, 'ports').flatMap((entry) => namedPort(entry) ?? []),
  };
}

function namedPort(entry: JsonObject): NamedPort | undefined {
  const { port, protocol = 'TCP' } = entry;
  if (typeof port !== 'number' || typeof protocol !== 'string') return undefined;
  return { name: textAt(entry, 'name'), port, protocol };
}
