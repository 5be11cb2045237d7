import type { ClusterHistory } from './cluster_history.js';
import type { ClusterState, Endpoint, Pod } from './cluster_state.js';
import { type Cidr, cidrContains, formatIp, parseCidr, parseIp } from './ip.js';
import type { CompiledPolicy } from './network_policy.js';
import type { PolicyProblem } from './problem.js';
import type { Labels } from './selector.js';

/** Unspecified, loopback, link-local and multicast: no pod is reached by these from another. */
const NEVER_PODS: readonly Cidr[] = [
  '0.0.0.0/32',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/127',
  'fe80::/10',
  'ff00::/8',
].flatMap((text) => parseCidr(text) ?? []);

/** The cluster at one time: a view over its history that looks things up as they are asked for. */
export class StateAt implements ClusterState {
  private readonly policies = new Map<string, readonly CompiledPolicy[]>();

  constructor(
    private readonly history: ClusterHistory,
    private readonly time: bigint,
  ) {}

  endpointAt(text: string): Endpoint {
    const bytes = parseIp(text);
    if (bytes === undefined) return { kind: 'unknown', address: text, why: `"${text}" is not an IP address` };
    const address = formatIp(bytes);
    if (NEVER_PODS.some((cidr) => cidrContains(cidr, bytes))) return { kind: 'external', address };
    const unknown = (why: string): Endpoint => ({ kind: 'unknown', address, why });
    const gap = this.whyUnknown('Pod');
    if (gap !== undefined) return unknown(gap);
    const pods = this.podsAt(address);
    const [pod, other] = pods;
    if (pod !== undefined && other !== undefined) {
      return unknown(
        `${address} is held by ${pods.map((one) => `${one.namespace}/${one.name}`).join(' and ')}`,
      );
    }
    if (pod !== undefined) return { kind: 'pod', address, pod };
    return this.withoutPod(address);
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.history.pods.get(`${namespace}/${name}`)?.at(this.time);
  }

  namespaceLabels(namespace: string): Labels | undefined {
    if (this.whyUnknown('Namespace') !== undefined) return undefined;
    return this.history.namespaces.get(namespace)?.at(this.time);
  }

  policiesIn(namespace: string): readonly CompiledPolicy[] {
    const cached = this.policies.get(namespace);
    if (cached !== undefined) return cached;
    const found = this.versionsIn(namespace).flatMap((version) =>
      'policy' in version ? version.policy : [],
    );
    this.policies.set(namespace, found);
    return found;
  }

  problemsIn(namespace: string): readonly PolicyProblem[] {
    return this.versionsIn(namespace).flatMap((version) => ('problem' in version ? version.problem : []));
  }

  whyUnknown(kind: string): string | undefined {
    return this.history.coverage.whyUnknown(kind, this.time);
  }

  private podsAt(address: string): Pod[] {
    const holdings = this.history.podAddresses.during(address, this.time, this.time);
    return holdings.flatMap(({ pod }) => this.pod(pod.namespace, pod.name) ?? []);
  }

  private withoutPod(address: string): Endpoint {
    const unknown = (why: string): Endpoint => ({ kind: 'unknown', address, why });
    const node = this.history.nodes.at(address, this.time);
    if (node !== undefined) return { kind: 'node', address, node };
    const service = this.history.services.at(address, this.time);
    if (service !== undefined) {
      return unknown(
        `${address} is an address of service ${service}, whose backend the packet does not show`,
      );
    }
    const range = this.history.podRanges.nodeOf(address);
    if (range !== undefined)
      return unknown(`${address} is in the pod range of node ${range}, but no pod had it`);
    const gap = this.whyUnknown('Node');
    if (gap !== undefined) return unknown(`${address} may be a node: ${gap}`);
    return { kind: 'external', address };
  }

  private versionsIn(namespace: string) {
    const policies = [...(this.history.policies.get(namespace)?.values() ?? [])];
    return policies.flatMap((versions) => versions.at(this.time) ?? []);
  }
}
