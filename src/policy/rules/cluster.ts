import type { AddressGroup } from '../cluster/address_group.js';
import type { Backend, Labels, Pod, ServicePort } from '../cluster/endpoint.js';
import type { DataPlane } from './data_plane.js';

/** The cluster at one instant, but for its policies: what the clauses of their rules ask of it. */
export interface Cluster {
  /** Whose habits decide what the API leaves open. */
  readonly dataPlane: DataPlane;
  /** Undefined when the namespace's labels are not known. */
  namespaceLabels(namespace: string): Labels | undefined;
  /** Undefined when the node is not known. */
  nodeLabels(node: string): Labels | undefined;
  /** Undefined when no ServiceAccount of that name was recorded. */
  serviceAccountLabels(namespace: string, name: string): Labels | undefined;
  /** Named groups of addresses of a kind: NetworkSet, GlobalNetworkSet, CiliumCIDRGroup. */
  addressGroups(kind: AddressGroup['kind']): readonly AddressGroup[];
  /** The ports that a service has itself; undefined when it is not known. */
  servicePorts(service: string): readonly ServicePort[] | undefined;
  /** Every number that a port of that name has in pods with a network of their own. */
  portNumbers(name: string, protocol: string): readonly number[];
  /** Where a service's port leads; undefined when the service or its backends are not known. */
  backends(service: string, port: number, protocol: string): readonly Backend[] | undefined;
  /** Addresses of every backend of a service, on whatever port; undefined when they are not known. */
  backendAddresses(service: string): readonly string[] | undefined;
  /** Whether a service's selector takes the pod; undefined where the service or its selector is not known. */
  serviceSelects(service: string, pod: Pod): boolean | undefined;
  /** Why objects of that kind are not wholly known at this instant; undefined when they are. */
  whyUnknown(kind: string): string | undefined;
}
