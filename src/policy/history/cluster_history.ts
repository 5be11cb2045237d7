import { DecodeError } from '../../errors.js';
import {
  isJsonObject,
  type JsonObject,
  objectAt,
  objectsAt,
  textAt,
  textEntries,
} from '../../kubernetes/json.js';
import { kindName } from '../../kubernetes/kinds.js';
import { nameWithKind } from '../../kubernetes/name_with_kind.js';
import { type KubernetesObjectRow, listedKind, type Observed } from '../../kubernetes/observation.js';
import { controllerOf, Owners } from '../../kubernetes/owners.js';
import { withUnseenEnds } from '../../kubernetes/unseen_ends.js';
import { Versions } from '../../kubernetes/versions.js';
import type { WatchGap } from '../../kubernetes/watch_gap.js';
import type { Labels, Pod } from '../cluster/endpoint.js';
import { podOf } from '../cluster/pod.js';
import { canonicalIp, parseCidr } from '../ip.js';
import { meaningOf } from '../policy_kinds.js';
import { AddressOwners, PodAddresses, PodRanges } from './address_book.js';
import { Coverage } from './coverage.js';
import { PodTemplates } from './pod_templates.js';
import { PolicyHistory } from './policy_history.js';
import { Services } from './services.js';

/** Everything that policies look at in a cluster, over time, built from rows of kubernetes_objects. */
export class ClusterHistory {
  /** By namespace/name. */
  readonly pods = new Map<string, Versions<Pod>>();
  /** Pods as the templates of workloads describe them. */
  readonly templates = new PodTemplates();
  readonly podAddresses = new PodAddresses();
  readonly podRanges = new PodRanges();
  /** Names of nodes by address. */
  readonly nodes = new AddressOwners();
  /** Labels by the node's name. */
  readonly nodeLabels = new Map<string, Versions<Labels>>();
  readonly services = new Services();
  /** Labels by the namespace's name. */
  readonly namespaces = new Map<string, Versions<Labels>>();
  /** Labels by namespace/name. */
  readonly serviceAccounts = new Map<string, Versions<Labels>>();
  readonly policies = new PolicyHistory();
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
      if (listed !== undefined) this.coverage.listed(kindName(row.api_version, listed), row.time);
      else if (row.name !== null && !this.wasSeen(row)) this.apply(row, row.name);
    }
  }

  /** Every time at which the state of the cluster changed, ascending. */
  get boundaries(): bigint[] {
    const things = [this.pods, this.namespaces, this.nodeLabels, this.serviceAccounts].flatMap(
      (byName: Map<string, Versions<unknown>>) => [...byName.values()],
    );
    const all = [
      ...things.flatMap((versions) => versions.all.map(({ from }) => from)),
      ...this.templates.boundaries,
      ...this.policies.boundaries,
      ...this.services.boundaries,
      ...this.coverage.boundaries,
    ];
    return [...new Set(all)].sort((a, b) => Number(a - b));
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
  private holdsName({ kind, api_version, namespace, name, uid, observed }: KubernetesObjectRow): boolean {
    const key = `${kindName(api_version, kind)}/${namespace}/${name}`;
    if (isEnd(observed)) return this.holders.get(key) === uid;
    this.holders.set(key, uid);
    return true;
  }

  private apply(row: KubernetesObjectRow, name: string): void {
    const namespace = row.namespace ?? 'default';
    if (!this.holdsName(row)) return;
    const object = isEnd(row.observed) ? undefined : parsed(row);
    const meaning = meaningOf(row.api_version, row.kind);
    if (meaning !== undefined) {
      this.policies.take(row, name, meaning, object);
      return;
    }
    switch (row.kind) {
      case 'Pod':
        this.applyPod(row.time, namespace, name, object);
        break;
      case 'Node':
        this.nodes.set(row.time, name, nodeAddresses(object));
        for (const cidr of podCidrs(object)) this.podRanges.add(name, cidr);
        versionsIn(this.nodeLabels, name).set(row.time, object && labelsOf(object));
        break;
      case 'Service':
        this.services.set(row.time, `${namespace}/${name}`, object);
        break;
      case 'EndpointSlice':
        this.services.endpoints.set(row.time, namespace, name, object);
        break;
      case 'Namespace':
        versionsIn(this.namespaces, name).set(row.time, object && namespaceLabels(name, object));
        break;
      case 'ServiceAccount':
        versionsIn(this.serviceAccounts, `${namespace}/${name}`).set(row.time, object && labelsOf(object));
        break;
    }
    this.templates.set(row.time, { kind: row.kind, namespace, name }, object);
    const controller = controllerOf(object);
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
}

function versionsIn<T>(map: Map<string, Versions<T>>, key: string): Versions<T> {
  const versions = map.get(key) ?? new Versions<T>();
  map.set(key, versions);
  return versions;
}

function isEnd(observed: Observed): boolean {
  return observed === 'deleted' || observed === 'vanished';
}

function parsed(row: KubernetesObjectRow): JsonObject {
  const text = String(row.object);
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // What it is instead matters less than where it is.
  }
  throw new DecodeError(
    `kubernetes_objects.object of ${nameWithKind(row.kind, row)}: expected an object as JSON, found ${text.slice(0, 40)}`,
  );
}

function labelsOf(object: JsonObject): Labels {
  return textEntries(objectAt(object, 'metadata', 'labels'));
}

/** The API server gives every namespace a label with its name; manifests do not show it. */
function namespaceLabels(name: string, object: JsonObject): Labels {
  return { 'kubernetes.io/metadata.name': name, ...labelsOf(object) };
}

function nodeAddresses(node: JsonObject | undefined): string[] {
  const addresses = objectsAt(objectAt(node, 'status'), 'addresses');
  return canonical(addresses.map((entry) => textAt(entry, 'address')));
}

function podCidrs(node: JsonObject | undefined) {
  const spec = objectAt(node, 'spec');
  const given = Array.isArray(spec.podCIDRs) ? spec.podCIDRs : [spec.podCIDR];
  return given.flatMap((cidr: unknown) => parseCidr(String(cidr)) ?? []);
}

function canonical(values: readonly unknown[]): string[] {
  return values.flatMap((value) => (typeof value === 'string' ? (canonicalIp(value) ?? []) : []));
}
