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
  /** By namespace/name of the slice: what it lists, for the service that it belongs to. */
  private readonly current = new Map<string, Versions<ReadyEndpoints>>();

  /** Takes up a version of a slice; undefined: it is not there any more. */
  set(time: bigint, namespace: string, name: string, slice: JsonObject | undefined): void {
    const key = `${namespace}/${name}`;
    // From now on it counts for the service that it names now, and for no other.
    this.current.get(key)?.set(time, undefined);
    const label = textAt(objectAt(slice, 'metadata', 'labels'), SERVICE_LABEL);
    if (label === null) return;
    const versions = this.versionsOf(`${namespace}/${label}`, name);
    versions.set(time, readyEndpoints(slice));
    this.current.set(key, versions);
  }

  /** What the slices of a service list at a time; undefined where it has never had one. */
  at(service: string, time: bigint): ReadyEndpoints[] | undefined {
    const slices = this.slices.get(service);
    return slices && listedAt(slices, time);
  }

  /** What every service's slices list at a time. */
  allAt(time: bigint): ReadyEndpoints[] {
    return [...this.slices.values()].flatMap((slices) => listedAt(slices, time));
  }

  /** Whether the service had no ready endpoint at some moment from `since` to `until`. False where it has no slices. */
  wasEmpty(service: string, since: bigint, until: bigint): boolean {
    const slices = [...(this.slices.get(service)?.values() ?? [])];
    if (slices.length === 0) return false;
    const changes = slices.flatMap(({ all }) => all.map(({ from }) => from));
    const moments = [since, ...changes].filter((time) => time >= since && time <= until);
    return moments.some((time) => slices.every((versions) => !versions.at(time)?.addresses.length));
  }

  /** Every time at which a service gained or lost endpoints. */
  get boundaries(): bigint[] {
    return [...this.slices.values()]
      .flatMap((slices) => [...slices.values()])
      .flatMap(({ all }) => all.map(({ from }) => from));
  }

  private versionsOf(service: string, slice: string): Versions<ReadyEndpoints> {
    const slices = this.slices.get(service) ?? new Map<string, Versions<ReadyEndpoints>>();
    this.slices.set(service, slices);
    const versions = slices.get(slice) ?? new Versions<ReadyEndpoints>();
    slices.set(slice, versions);
    return versions;
  }
}

function listedAt(slices: ReadonlyMap<string, Versions<ReadyEndpoints>>, time: bigint): ReadyEndpoints[] {
  return [...slices.values()].flatMap((versions) => versions.at(time) ?? []);
}

/** An endpoint whose readiness is not said is ready, as the API defines it. */
function readyEndpoints(slice: JsonObject | undefined): ReadyEndpoints {
  const ready = objectsAt(objectAt(slice), 'endpoints').filter(
    (one) => objectAt(one, 'conditions').ready !== false,
  );
  return {
    addresses: ready.flatMap(({ addresses }) => (Array.isArray(addresses) ? addresses.map(String) : [])),
    ports: objectsAt(objectAt(slice), 'ports').flatMap((entry) => namedPort(entry) ?? []),
  };
}

function namedPort(entry: JsonObject): NamedPort | undefined {
  const { port, protocol = 'TCP' } = entry;
  if (typeof port !== 'number' || typeof protocol !== 'string') return undefined;
  return { name: textAt(entry, 'name'), port, protocol };
}
