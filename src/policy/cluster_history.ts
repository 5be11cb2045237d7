import { DecodeError } from '../errors.js';
import {
  isJsonObject,
  type JsonObject,
  objectAt,
  objectsAt,
  textAt,
  textEntries,
} from '../kubernetes/json.js';
import { type KubernetesObjectRow, listedKind, type Observed } from '../kubernetes/observation.js';
import { controllerOf, Owners } from '../kubernetes/owners.js';
import { withUnseenEnds } from '../kubernetes/unseen_ends.js';
import { Versions } from '../kubernetes/versions.js';
import type { WatchGap } from '../kubernetes/watch_gap.js';
import { AddressOwners, PodAddresses, PodRanges } from './address_book.js';
import type { Pod } from './cluster_state.js';
import { Coverage } from './coverage.js';
import { canonicalIp, parseCidr } from './ip.js';
import { type CompiledPolicy, compilePolicy } from './network_policy.js';
import { podOf } from './pod.js';
import { InvalidPolicy, type PolicyProblem } from './problem.js';
import type { Labels } from './selector.js';
import { ServiceEndpoints } from './service_endpoints.js';

/** A version of a policy: one that can be in force, or what is wrong with it. */
export type PolicyVersion = { readonly policy: CompiledPolicy } | { readonly problem: PolicyProblem };

/** Everything that policies look at in a cluster, over time, built from rows of kubernetes_objects. */
export class ClusterHistory {
  /** By namespace/name. */
  readonly pods = new Map<string, Versions<Pod>>();
  readonly podAddresses = new PodAddresses();
  readonly podRanges = new PodRanges();
  /** Names of nodes by address. */
  readonly nodes = new AddressOwners();
  /** Namespace/name of services by address. */
  readonly services = new AddressOwners();
  readonly serviceEndpoints = new ServiceEndpoints();
  /** Labels by the namespace's name. */
  readonly namespaces = new Map<string, Versions<Labels>>();
  /** By namespace, then by name. */
  readonly policies = new Map<string, Map<string, Versions<PolicyVersion>>>();
  readonly owners = new Owners();
  readonly coverage: Coverage;
  private readonly seen = new Set<string>();
  /** Uid of the object that has a name now. */
  private readonly holders = new Map<string, string | null>();

  /** @param rows in the order of time; those of several recorders may be mixed. */
  constructor(rows: Iterable<KubernetesObjectRow>, gaps: readonly WatchGap[] = []) {
    this.coverage = new Coverage(gaps);
    for (const row of withUnseenEnds(rows)) {
      const listed = listedKind(row);
      if (listed !== undefined) this.coverage.listed(listed, row.time);
      else if (row.name !== null && !this.wasSeen(row)) this.apply(row, row.name);
    }
  }

  /** Every time at which the state of the cluster changed, ascending. */
  get boundaries(): bigint[] {
    const policies = [...this.policies.values()].flatMap((byName) => [...byName.values()]);
    const things = [...this.pods.values(), ...this.namespaces.values(), ...policies];
    const times = things.flatMap((versions: Versions<unknown>) => versions.all.map(({ from }) => from));
    const all = [
      ...times,
      ...this.nodes.boundaries,
      ...this.services.boundaries,
      ...this.serviceEndpoints.boundaries,
      ...this.coverage.boundaries,
    ];
    return [...new Set(all)].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Two recorders see every version twice, and one may be behind. Manifests have no versions: all count. */
  private wasSeen({ kind, uid, resource_version, observed }: KubernetesObjectRow): boolean {
    if (uid === null || resource_version === null) return false;
    const gone = `${kind}/${uid}/gone`;
    const key = isEnd(observed) ? gone : `${kind}/${uid}/${resource_version}`;
    const isOld = this.seen.has(gone) || this.seen.has(key);
    this.seen.add(key);
    return isOld;
  }

  /** False for the end of an object whose name another one has taken over already. */
  private holdsName({ kind, namespace, name, uid, observed }: KubernetesObjectRow): boolean {
    const key = `${kind}/${namespace}/${name}`;
    if (isEnd(observed)) return this.holders.get(key) === uid;
    this.holders.set(key, uid);
    return true;
  }

  private apply(row: KubernetesObjectRow, name: string): void {
    const namespace = row.namespace ?? '';
    if (!this.holdsName(row)) return;
    const object = isEnd(row.observed) || row.object === null ? undefined : parsed(row, row.object);
    switch (row.kind) {
      case 'Pod':
        this.applyPod(row.time, namespace, name, object);
        break;
      case 'Node':
        this.nodes.set(row.time, name, object ? nodeAddresses(object) : []);
        for (const cidr of object ? podCidrs(object) : []) this.podRanges.add(name, cidr);
        break;
      case 'Service':
        this.services.set(row.time, `${namespace}/${name}`, object ? serviceAddresses(object) : []);
        break;
      case 'EndpointSlice':
        this.serviceEndpoints.set(row.time, namespace, name, object);
        break;
      case 'Namespace':
        versionsIn(this.namespaces, name).set(row.time, object && namespaceLabels(name, object));
        break;
      case 'NetworkPolicy':
        if (row.api_version.startsWith('networking.k8s.io/'))
          this.applyPolicy(row.time, namespace, name, object);
        break;
    }
    const controller = object && controllerOf(object);
    if (controller) this.owners.add(namespace, { kind: row.kind, name }, controller);
  }

  private applyPod(time: bigint, namespace: string, name: string, object: JsonObject | undefined): void {
    const versions = versionsIn(this.pods, `${namespace}/${name}`);
    const before = versions.latest;
    const after = object && podOf(object);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const isAnother = before?.uid !== after?.uid;
    if (isAnother) this.podAddresses.change(time, before, undefined);
    this.podAddresses.change(time, isAnother ? undefined : before, after);
    versions.set(time, after);
  }

  private applyPolicy(time: bigint, namespace: string, name: string, object: JsonObject | undefined): void {
    const policies = this.policies.get(namespace) ?? new Map<string, Versions<PolicyVersion>>();
    this.policies.set(namespace, policies);
    versionsIn(policies, name).set(time, object && compiled(namespace, name, object));
  }
}

function compiled(namespace: string, name: string, object: JsonObject): PolicyVersion {
  try {
    return { policy: compilePolicy(object) };
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    const { field, problem } = error;
    return { problem: { kind: 'NetworkPolicy', namespace, name, field, problem } };
  }
}

function versionsIn<T>(map: Map<string, Versions<T>>, key: string): Versions<T> {
  const versions = map.get(key) ?? new Versions<T>();
  map.set(key, versions);
  return versions;
}

function isEnd(observed: Observed): boolean {
  return observed === 'deleted' || observed === 'vanished';
}

function parsed({ kind, namespace, name }: KubernetesObjectRow, text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // What it is instead matters less than where it is.
  }
  const which = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
  throw new DecodeError(
    `kubernetes_objects.object of ${which}: expected an object as JSON, found ${text.slice(0, 40)}`,
  );
}

/** The API server gives every namespace a label with its name; manifests do not show it. */
function namespaceLabels(name: string, object: JsonObject): Labels {
  return {
    'kubernetes.io/metadata.name': name,
    ...textEntries(objectAt(object, 'metadata', 'labels')),
  };
}

function nodeAddresses(node: JsonObject): string[] {
  const addresses = objectsAt(objectAt(node, 'status'), 'addresses');
  return canonical(addresses.map((entry) => textAt(entry, 'address')));
}

function podCidrs(node: JsonObject) {
  const spec = objectAt(node, 'spec');
  const given = Array.isArray(spec.podCIDRs) ? spec.podCIDRs : [spec.podCIDR];
  return given.flatMap((cidr: unknown) => (typeof cidr === 'string' ? (parseCidr(cidr) ?? []) : []));
}

function serviceAddresses(service: JsonObject): string[] {
  const spec = objectAt(service, 'spec');
  const balancer = objectsAt(objectAt(service, 'status', 'loadBalancer'), 'ingress');
  const lists = [spec.clusterIPs, spec.externalIPs].flatMap((list) => (Array.isArray(list) ? list : []));
  return canonical([spec.clusterIP, ...lists, ...balancer.map((entry) => entry.ip)]);
}

function canonical(values: readonly unknown[]): string[] {
  return values.flatMap((value) => (typeof value === 'string' ? (canonicalIp(value) ?? []) : []));
}
