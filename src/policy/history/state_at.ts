import type { ObjectName } from '../../kubernetes/owners.js';
import type { AddressGroup } from '../cluster/address_group.js';
import type { Backend, Endpoint, Labels, Pod, PodEndpoint } from '../cluster/endpoint.js';
import { cidrContains, formatIp, type IpBytes, parseIp, unmapped } from '../ip.js';
import { cidrOf } from '../rules/address_block.js';
import type { ClusterState } from '../rules/cluster_state.js';
import type { DataPlane } from '../rules/data_plane.js';
import type { CompiledPolicy } from '../rules/policy.js';
import type { PolicyProblem } from '../rules/problem.js';
import { BUILT_IN_TIERS, type Tier } from '../rules/tier.js';
import type { ClusterHistory } from './cluster_history.js';
import type { WorkloadTemplate } from './pod_templates.js';
import type { Compiled, OverTime } from './policy_history.js';

/** Unspecified, loopback, link-local and multicast: no pod is reached by these from another. */
const NEVER_PODS = [
  '0.0.0.0/32',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/127',
  'fe80::/10',
  'ff00::/8',
].map((text) => cidrOf(text, 'NEVER_PODS'));

/** The cluster at one time: a view over its history that looks things up as they are asked for. */
export class StateAt implements ClusterState {
  private readonly found = new Map<string | null, readonly CompiledPolicy[]>();
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly unknownKinds = new Map<string, { readonly why: string | undefined }>();
  readonly whyPoliciesUnknown: string | undefined;
  private allPods: readonly Pod[] | undefined;
  private allStandIns: readonly WorkloadTemplate[] | undefined;
  private allPortNumbers: ReadonlyMap<string, ReadonlySet<number>> | undefined;

  constructor(
    private readonly history: ClusterHistory,
    readonly time: bigint,
    readonly dataPlane: DataPlane,
  ) {
    this.whyPoliciesUnknown = history.coverage.whyPoliciesUnknown(time);
  }

  endpointAt(text: string): Endpoint {
    const known = this.endpoints.get(text);
    if (known !== undefined) return known;
    const endpoint = this.findEndpoint(text);
    // Those outside are without number.
    if (endpoint.kind === 'pod' || endpoint.kind === 'node') this.endpoints.set(text, endpoint);
    return endpoint;
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.history.pods.get(`${namespace}/${name}`)?.at(this.time);
  }

  /** All pods that there are. */
  get pods(): readonly Pod[] {
    this.allPods ??= [...this.history.pods.values()].flatMap((versions) => versions.at(this.time) ?? []);
    return this.allPods;
  }

  /**
   * The workloads that have no pod, as in manifests or scaled to zero: their templates stand for their pods. One that
   * another workload owns, such as the ReplicaSet of a Deployment, is left to that one.
   */
  get standIns(): readonly WorkloadTemplate[] {
    this.allStandIns ??= this.findStandIns();
    return this.allStandIns;
  }

  namespaceLabels(namespace: string): Labels | undefined {
    if (this.whyUnknown('Namespace') !== undefined) return undefined;
    return this.history.namespaces.get(namespace)?.at(this.time);
  }

  nodeLabels(node: string): Labels | undefined {
    if (this.whyUnknown('Node') !== undefined) return undefined;
    return this.history.nodeLabels.get(node)?.at(this.time);
  }

  serviceAccountLabels(namespace: string, name: string): Labels | undefined {
    return this.history.serviceAccounts.get(`${namespace}/${name}`)?.at(this.time);
  }

  policies(namespace: string | null): readonly CompiledPolicy[] {
    const known = this.found.get(namespace);
    if (known !== undefined) return known;
    const found = this.valuesOf(this.history.policies.in(namespace)).flat();
    this.found.set(namespace, found);
    return found;
  }

  problems(namespace: string | null): readonly PolicyProblem[] {
    const { policies } = this.history;
    const ofCluster = namespace === null ? [...policies.tiers, ...policies.addressGroups] : [];
    return [...policies.in(namespace), ...ofCluster].flatMap(({ versions }: OverTime<unknown>) => {
      const version = versions.at(this.time);
      return version !== undefined && 'problem' in version ? version.problem : [];
    });
  }

  /** Policies of the cluster and of all namespaces. */
  get allPolicies(): readonly CompiledPolicy[] {
    return this.valuesOf(this.history.policies.all).flat();
  }

  tier(name: string): Tier | undefined {
    const { tiers } = this.history.policies;
    return (
      this.valuesOf(tiers).find((tier) => tier.name === name) ??
      BUILT_IN_TIERS.find((tier) => tier.name === name)
    );
  }

  addressGroups(kind: AddressGroup['kind']): readonly AddressGroup[] {
    return this.valuesOf(this.history.policies.addressGroups).filter((group) => group.kind === kind);
  }

  servicePorts(service: string) {
    return this.history.services.portsOf(service, this.time);
  }

  backends(service: string, port: number, protocol: string): readonly Backend[] | undefined {
    const pods = () => this.podsToCome;
    const targets = this.history.services.targets(service, port, protocol, this.time, pods);
    return targets?.map((target) => ({
      endpoint: 'pod' in target ? unaddressed(target.pod) : this.endpointAt(target.address),
      port: target.port,
    }));
  }

  backendAddresses(service: string): readonly string[] | undefined {
    return this.history.services.targetAddresses(service, this.time, () => this.pods);
  }

  serviceSelects(service: string, pod: Pod): boolean | undefined {
    return this.history.services.selects(service, pod, this.time);
  }

  /** Addresses of services' backends that no pod has: the API server's, what a Service without a selector leads to. */
  get backendsBesidePods(): readonly string[] {
    const listed = this.history.services.endpoints.allAt(this.time).flatMap(({ addresses }) => addresses);
    return listed.filter((address) => this.endpointAt(address).kind !== 'pod');
  }

  /** Addresses of pods, nodes and services. */
  get addressesInUse(): ReadonlySet<string> {
    const owned = [this.history.nodes, this.history.services.addresses].flatMap((owners) =>
      owners.allAt(this.time).map(({ address }) => address),
    );
    return new Set([...this.pods.flatMap(({ addresses }) => addresses), ...owned]);
  }

  whyUnknown(kind: string): string | undefined {
    const known = this.unknownKinds.get(kind);
    if (known !== undefined) return known.why;
    const why = this.history.coverage.whyUnknown(kind, this.time);
    this.unknownKinds.set(kind, { why });
    return why;
  }

  portNumbers(name: string, protocol: string): readonly number[] {
    this.allPortNumbers ??= portNumbersOf(this.podsToCome);
    return [...(this.allPortNumbers.get(`${protocol} ${name}`) ?? [])];
  }

  /** The pods that run or will, and what stands for those of workloads that have none. */
  private get podsToCome(): Pod[] {
    return [...this.pods.filter(({ hasEnded }) => !hasEnded), ...this.standIns.map(({ pod }) => pod)];
  }

  private findEndpoint(text: string): Endpoint {
    const bytes = parseIp(text);
    if (bytes === undefined) {
      return { kind: 'unknown', address: text, ip: bytes, why: `"${text}" is not an IP address` };
    }
    const ip = unmapped(bytes);
    const address = formatIp(ip);
    if (NEVER_PODS.some((cidr) => cidrContains(cidr, ip))) return { kind: 'external', address, ip };
    const unknown = (why: string): Endpoint => ({ kind: 'unknown', address, ip, why });
    const gap = this.whyUnknown('Pod');
    if (gap !== undefined) return unknown(gap);
    const holdings = this.history.podAddresses.during(address, this.time, this.time);
    if (holdings.length > 1) {
      const names = holdings.map(({ pod }) => `${pod.namespace}/${pod.name}`);
      return unknown(`${address} is held by ${names.join(' and ')}`);
    }
    const [holder] = holdings;
    const pod = holder && this.pod(holder.pod.namespace, holder.pod.name);
    if (pod !== undefined) return { kind: 'pod', address, ip, pod };
    return this.withoutPod(address, ip);
  }

  private findStandIns(): WorkloadTemplate[] {
    const { templates, owners } = this.history;
    const workloads = templates.at(this.time);
    const keyOf = (namespace: string, { kind, name }: ObjectName) => `${kind} ${namespace}/${name}`;
    const present = new Set(workloads.map((one) => keyOf(one.namespace, one)));
    const withPods = new Set(
      this.pods.flatMap(({ namespace, name }) =>
        owners.ownersOf(namespace, { kind: 'Pod', name }).map((owner) => keyOf(namespace, owner)),
      ),
    );
    return workloads.filter(({ namespace, kind, name }) => {
      if (withPods.has(keyOf(namespace, { kind, name }))) return false;
      const above = owners.ownersOf(namespace, { kind, name });
      return !above.some((owner) => present.has(keyOf(namespace, owner)));
    });
  }

  private withoutPod(address: string, ip: IpBytes): Endpoint {
    const unknown = (why: string): Endpoint => ({ kind: 'unknown', address, ip, why });
    const node = this.history.nodes.at(address, this.time);
    if (node !== undefined) return { kind: 'node', address, ip, node };
    const service = this.history.services.addresses.at(address, this.time);
    if (service !== undefined) return { kind: 'service', address, ip, service };
    const range = this.history.podRanges.nodeOf(address);
    if (range !== undefined)
      return unknown(`${address} is in the pod range of node ${range}, but no pod had it`);
    const gap = this.whyUnknown('Node');
    if (gap !== undefined) return unknown(`${address} may be a node: ${gap}`);
    return { kind: 'external', address, ip };
  }

  private valuesOf<T>(objects: readonly OverTime<T>[]): T[] {
    return objects.flatMap(({ versions }) => {
      const version: Compiled<T> | undefined = versions.at(this.time);
      return version !== undefined && 'value' in version ? [version.value] : [];
    });
  }
}

/** By protocol and name of a port: its numbers. */
function portNumbersOf(pods: readonly Pod[]): ReadonlyMap<string, ReadonlySet<number>> {
  const numbers = new Map<string, Set<number>>();
  const ports = pods.flatMap((pod) => (pod.hostNetwork ? [] : pod.ports)).filter(({ name }) => name !== null);
  for (const { name, port, protocol } of ports) {
    const key = `${protocol} ${name}`;
    numbers.set(key, new Set(numbers.get(key)).add(port));
  }
  return numbers;
}

/** A pod that nothing gave an address yet. */
export function withoutAddress(pod: Pod): PodEndpoint {
  return { kind: 'pod', address: '', ip: undefined, pod };
}

/** The same, or what stands for it on its node's network: it is judged by the node's address, which is not known. */
export function unaddressed(pod: Pod): Endpoint {
  if (!pod.hostNetwork) return withoutAddress(pod);
  const name = `${pod.namespace}/${pod.name}`;
  const why = `${name} shares the network of its node, whose address is not known`;
  return { kind: 'unknown', address: name, ip: undefined, why };
}
