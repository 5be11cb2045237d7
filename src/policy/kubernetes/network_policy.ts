import { type JsonObject, objectAt, textAt } from '../../kubernetes/json.js';
import { addressBlock } from '../rules/address_block.js';
import type { Clause } from '../rules/clause.js';
import { EndClause } from '../rules/end_clause.js';
import type { EndpointSet } from '../rules/endpoint_set.js';
import { choiceOf, isPortName, isPortNumber, listOf, objectOf, said } from '../rules/fields.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';
import type { PortRange } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';
import { DEFAULT_TIER, NETWORK_POLICY_ORDER } from '../rules/tier.js';
import { portClause } from './egress_ports.js';
import { LabelSelector } from './label_selector.js';
import { LabelledPods } from './labelled_pods.js';
import { PROTOCOLS, portNumber } from './ports.js';

/**
 * Compiles a networking.k8s.io/v1 NetworkPolicy. Throws InvalidPolicy where the API would refuse the object.
 * Source: k8s.io/api/networking/v1/types.go.
 */
export function compileNetworkPolicy(object: JsonObject): CompiledPolicy[] {
  const metadata = objectAt(object, 'metadata');
  const spec = objectOf(object.spec ?? {}, 'spec', ['podSelector', 'policyTypes', 'ingress', 'egress']);
  const namespace = textAt(metadata, 'namespace') ?? 'default';
  const types = policyTypes(spec);
  const selector = LabelSelector.compile(spec.podSelector ?? {}, 'spec.podSelector');
  // Rules that do not count, as their direction is not among the types, must be right as well.
  const ingress = { isolates: true, rules: rulesOf(spec, namespace, 'ingress') };
  const egress = { isolates: true, rules: rulesOf(spec, namespace, 'egress') };
  return [
    {
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      namespace,
      name: String(metadata.name),
      tier: DEFAULT_TIER.name,
      order: NETWORK_POLICY_ORDER,
      ties: 'union',
      selects: new LabelledPods({ own: namespace }, selector),
      sections: {
        ingress: types.has('Ingress') ? ingress : undefined,
        egress: types.has('Egress') ? egress : undefined,
      },
    },
  ];
}

/** Without policyTypes every policy is about ingress, and about egress as well if it has egress rules. */
function policyTypes(spec: JsonObject): Set<string> {
  const given = listOf(spec.policyTypes, 'spec.policyTypes') ?? [];
  const types = given.map((type) => {
    if (type === 'Ingress' || type === 'Egress') return type;
    throw new InvalidPolicy('spec.policyTypes', `has ${said(type)}, not Ingress or Egress`);
  });
  if (types.length > 0) return new Set(types);
  return new Set(listOf(spec.egress, 'spec.egress') ? ['Ingress', 'Egress'] : ['Ingress']);
}

function rulesOf(spec: JsonObject, namespace: string, direction: Direction): Rule[] {
  const rules = listOf(spec[direction], `spec.${direction}`) ?? [];
  const [peersKey, end] =
    direction === 'ingress' ? (['from', 'source'] as const) : (['to', 'destination'] as const);
  return rules.map((rule, index) => {
    const where = `spec.${direction}[${index}]`;
    // A rule that is null has neither peers nor ports, just as `{}`.
    const fields = rule === null ? {} : objectOf(rule, where, [peersKey, 'ports']);
    const peers = listOf(fields[peersKey], `${where}.${peersKey}`);
    const ports = listOf(fields.ports, `${where}.ports`);
    const clauses: Clause[] = [];
    if (peers !== undefined) {
      clauses.push(
        new EndClause(
          end,
          peers.map((peer, n) => peerOf(peer, namespace, `${where}.${peersKey}[${n}]`)),
        ),
      );
    }
    if (ports !== undefined) {
      const ranges = ports.map((port, n) => portOf(port, `${where}.ports[${n}]`));
      clauses.push(portClause(ranges, direction));
    }
    return { action: 'allow', index, label: `${direction} rule ${index}`, clauses };
  });
}

function peerOf(value: unknown, namespace: string, where: string): EndpointSet {
  const peer = objectOf(value, where, ['podSelector', 'namespaceSelector', 'ipBlock']);
  const pods = peer.podSelector ?? undefined;
  const namespaces = peer.namespaceSelector ?? undefined;
  const block = peer.ipBlock ?? undefined;
  if (block !== undefined) {
    if (pods !== undefined || namespaces !== undefined)
      throw new InvalidPolicy(where, 'has ipBlock beside a selector');
    const { cidr, except } = objectOf(block, `${where}.ipBlock`, ['cidr', 'except']);
    return addressBlock(cidr, except, `${where}.ipBlock`);
  }
  if (pods === undefined && namespaces === undefined) throw new InvalidPolicy(where, 'names no peer');
  return new LabelledPods(
    namespaces === undefined
      ? { own: namespace }
      : { labels: LabelSelector.compile(namespaces, `${where}.namespaceSelector`) },
    LabelSelector.compile(pods ?? {}, `${where}.podSelector`),
  );
}

function portOf(value: unknown, where: string): PortRange {
  const fields = objectOf(value, where, ['protocol', 'port', 'endPort']);
  const protocol = choiceOf(fields.protocol ?? 'TCP', PROTOCOLS, `${where}.protocol`);
  const port = fields.port ?? undefined;
  const endPort = fields.endPort ?? undefined;
  if (port !== undefined && !isPortNumber(port) && !isPortName(port)) {
    throw new InvalidPolicy(`${where}.port`, `is ${said(port)}, not 1 to 65535 or the name of a port`);
  }
  if (endPort === undefined) return { protocol, port, endPort };
  if (typeof port !== 'number') throw new InvalidPolicy(`${where}.endPort`, 'needs a port that is a number');
  return { protocol, port, endPort: portNumber(endPort, port, `${where}.endPort`) };
}
