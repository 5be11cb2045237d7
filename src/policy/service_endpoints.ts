import { type JsonObject, objectAt, objectsAt, textAt } from '../kubernetes/json.js';
import { Versions } from '../kubernetes/versions.js';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** How many ready endpoints each service has had when, from its EndpointSlices. */
export class ServiceEndpoints {
  /** By namespace/name of the service, then by name of the slice. */
  private readonly slices = new Map<string, Map<string, Versions<number>>>();
  private readonly serviceOf = new Map<string, string>();

  /** Takes up a version of a slice; undefined: it is not there any more. */
  set(time: bigint, namespace: string, name: string, slice: JsonObject | undefined): void {
    const key = `${namespace}/${name}`;
    const label = slice === undefined ? null : textAt(objectAt(slice, 'metadata', 'labels'), SERVICE_LABEL);
    const service = label === null ? this.serviceOf.get(key) : `${namespace}/${label}`;
    if (service === undefined) return;
    this.serviceOf.set(key, service);
    const slices = this.slices.get(service) ?? new Map<string, Versions<number>>();
    this.slices.set(service, slices);
    const versions = slices.get(name) ?? new Versions<number>();
    slices.set(name, versions);
    versions.set(time, slice === undefined ? 0 : readyEndpoints(slice));
  }

  /** Whether the service had no ready endpoint at some moment from `since` to `until`. False where it has no slices. */
  wasEmpty(service: string, since: bigint, until: bigint): boolean {
    const slices = [...(this.slices.get(service)?.values() ?? [])];
    if (slices.length === 0) return false;
    const changes = slices.flatMap(({ all }) => all.map(({ from }) => from));
    const moments = [since, ...changes.filter((time) => time > since && time <= until)];
    return moments.some((time) => slices.every((versions) => (versions.at(time) ?? 0) === 0));
  }

  /** Every time at which a service gained or lost endpoints. */
  get boundaries(): bigint[] {
    return [...this.slices.values()]
      .flatMap((slices) => [...slices.values()])
      .flatMap(({ all }) => all.map(({ from }) => from));
  }
}

/** An endpoint whose readiness is not said is ready, as the API defines it. */
function readyEndpoints(slice: JsonObject): number {
  return objectsAt(slice, 'endpoints').filter((endpoint) => objectAt(endpoint, 'conditions').ready !== false)
    .length;
}
