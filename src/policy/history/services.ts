import { type JsonObject, objectAt, objectsAt, textAt, textEntries } from '../../kubernetes/json.js';
import { Versions } from '../../kubernetes/versions.js';
import type { Labels, Pod, ServicePort } from '../cluster/endpoint.js';
import { canonicalIp } from '../ip.js';
import { targetNumbers } from '../rules/port_range.js';
import { AddressOwners } from './address_book.js';
import { ServiceEndpoints } from './service_endpoints.js';

/** An address and port that a service leads to, or a pod that has no address. */
export type ServiceTarget = { readonly port: number } & (
  | { readonly address: string }
  | { readonly pod: Pod }
);

interface ServiceSpec {
  /** Empty where somebody else writes the endpoints. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
}

/** Services, their addresses and where they lead, over time. A service is named namespace/name. */
export class Services {
  readonly addresses = new AddressOwners();
  /** Services by `TCP 30080`: the port that they have at every node's address. */
  readonly nodePorts = new AddressOwners();
  readonly endpoints = new ServiceEndpoints();
  private readonly specs = new Map<string, Versions<ServiceSpec>>();

  /** Takes up a version of a Service; undefined: it is not there any more. */
  set(time: bigint, service: string, object: JsonObject | undefined): void {
    this.addresses.set(time, service, serviceAddresses(object));
    this.nodePorts.set(time, service, nodePortsOf(object));
    const versions = this.specs.get(service) ?? new Versions<ServiceSpec>();
    this.specs.set(service, versions);
    versions.set(time, object && specOf(object));
  }

  /** Every service that there ever was, sorted. */
  get names(): string[] {
    return [...this.specs.keys()].sort();
  }

  /** The ports of the service; undefined when there is none of that name. */
  portsOf(service: string, time: bigint): readonly ServicePort[] | undefined {
    return this.specs.get(service)?.at(time)?.ports;
  }

  /**
   * Where a port of the service leads: by its EndpointSlices, or where it has never had one to the pods that its
   * selector takes, those without an address only where none has one. Undefined where neither tells.
   */
  targets(
    service: string,
    port: number,
    protocol: string,
    time: bigint,
    pods: () => readonly Pod[],
  ): ServiceTarget[] | undefined {
    const spec = this.specs.get(service)?.at(time);
    const served = spec?.ports.find((one) => one.port === port && one.protocol === protocol);
    if (spec === undefined) return undefined;
    if (served === undefined) return [];
    const slices = this.endpoints.at(service, time);
    if (slices !== undefined) {
      return slices.flatMap(({ addresses, ports }) => {
        const target = ports.find((one) => one.name === served.name && one.protocol === protocol);
        return target === undefined ? [] : addresses.map((address) => ({ address, port: target.port }));
      });
    }
    const selected = this.selected(service, spec, pods());
    const running = selected?.filter(({ addresses }) => addresses.length > 0);
    return (running?.length ? running : selected)?.flatMap((pod) => targetsIn(pod, served));
  }

  /** Addresses of everything that the service leads to, on whatever port; undefined where nothing tells. */
  targetAddresses(service: string, time: bigint, pods: () => readonly Pod[]): string[] | undefined {
    const spec = this.specs.get(service)?.at(time);
    const slices = this.endpoints.at(service, time);
    if (slices !== undefined) return slices.flatMap(({ addresses }) => addresses);
    return spec && this.selected(service, spec, pods())?.flatMap(({ addresses }) => addresses);
  }

  /** Whether the service's selector takes the pod; undefined where there is no such service or selector. */
  selects(service: string, pod: Pod, time: bigint): boolean | undefined {
    const spec = this.specs.get(service)?.at(time);
    const selected = spec && this.selected(service, spec, [pod]);
    return selected && selected.length > 0;
  }

  /** Every time at which something here changed. */
  get boundaries(): bigint[] {
    const specs = [...this.specs.values()].flatMap(({ all }) => all.map(({ from }) => from));
    return [...specs, ...this.endpoints.boundaries];
  }

  private selected(service: string, { selector }: ServiceSpec, pods: readonly Pod[]): Pod[] | undefined {
    const wanted = Object.entries(selector);
    if (wanted.length === 0) return undefined;
    return pods.filter(
      ({ namespace, labels }) =>
        service.startsWith(`${namespace}/`) && wanted.every(([key, value]) => labels[key] === value),
    );
  }
}

function targetsIn(pod: Pod, { target, protocol }: ServicePort): ServiceTarget[] {
  const ports = targetNumbers(pod, target, protocol);
  if (pod.addresses.length === 0) return ports.map((port) => ({ pod, port }));
  return pod.addresses.flatMap((address) => ports.map((port) => ({ address, port })));
}

function specOf(object: JsonObject): ServiceSpec {
  const spec = objectAt(object, 'spec');
  return {
    selector: textEntries(objectAt(spec, 'selector')),
    ports: objectsAt(spec, 'ports').flatMap((entry) => servicePort(entry) ?? []),
  };
}

function servicePort(entry: JsonObject): ServicePort | undefined {
  const { port, protocol = 'TCP', targetPort = port } = entry;
  if (typeof port !== 'number' || typeof protocol !== 'string') return undefined;
  if (typeof targetPort !== 'number' && typeof targetPort !== 'string') return undefined;
  return { name: textAt(entry, 'name'), port, protocol, target: targetPort };
}

function nodePortsOf(service: JsonObject | undefined): string[] {
  return objectsAt(objectAt(service, 'spec'), 'ports').flatMap(({ nodePort, protocol = 'TCP' }) =>
    typeof nodePort === 'number' ? `${protocol} ${nodePort}` : [],
  );
}

function serviceAddresses(service: JsonObject | undefined): string[] {
  const spec = objectAt(service, 'spec');
  const balancer = objectsAt(objectAt(service, 'status', 'loadBalancer'), 'ingress');
  const given = [spec.clusterIP, spec.clusterIPs, spec.externalIPs, balancer.map((entry) => entry.ip)];
  return given.flat().flatMap((value) => (typeof value === 'string' ? (canonicalIp(value) ?? []) : []));
}
