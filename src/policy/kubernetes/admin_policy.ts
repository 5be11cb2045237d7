import { type JsonObject, objectAt } from '../../kubernetes/json.js';
import { AddressBlock, cidrOf, unaddressedIn } from '../rules/address_block.js';
import { EndClause } from '../rules/end_clause.js';
import type { EndpointSet } from '../rules/endpoint_set.js';
import { choiceOf, isIntegerIn, objectOf, oneOf, said } from '../rules/fields.js';
import type { Action, CompiledPolicy, Direction, Rule, Section } from '../rules/policy.js';
import { PortClause } from '../rules/port_clause.js';
import type { PortRange } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';
import { UnjudgedSet } from '../rules/unjudged.js';
import { LabelSelector } from './label_selector.js';
import { LabelledNodes } from './labelled_nodes.js';
import { LabelledPods } from './labelled_pods.js';

const ACTIONS = { Allow: 'allow', Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const satisfies Record<
  string,
  Action
>;

const POD_PEERS = ['namespaces', 'pods'] as const;
type PodPeer = (typeof POD_PEERS)[number];
type PeerBeyondPods = 'nodes' | 'networks' | 'domainNames';

const MOST_BLOCKS_OR_NAMES = 25;
const DOMAIN_NAME = /^(\*\.)?([a-z0-9_]([-a-z0-9_]*[a-z0-9])?\.)+[a-z0-9_]([-a-z0-9_]*[a-z0-9])?\.?$/i;

/** What one kind of policy.networking.k8s.io calls things, and how much of them it takes. */
export interface AdminKind {
  readonly kind: string;
  readonly apiVersion: string;
  /** Fields of its spec beside subject, ingress and egress. */
  readonly ownFields: readonly string[];
  /** The tier and the order in it, which these fields tell. */
  readonly place: (spec: JsonObject) => Pick<CompiledPolicy, 'tier' | 'order'>;
  readonly actions: readonly (keyof typeof ACTIONS)[];
  /** What egress rules may name beside pods. */
  readonly egressPeers: readonly PeerBeyondPods[];
  /** The most rules in one direction, peers in one rule and ports in one rule. */
  readonly most: number;
  readonly portsField: string;
  /** One entry of that field, which is at `where` in the object. */
  readonly portsOf: (entry: unknown, where: string) => PortRange[];
}

/**
 * Compiles a policy for the whole cluster. Its rules are read as they stand: no pod is isolated by being selected.
 * Throws InvalidPolicy where the schema of the CustomResourceDefinition would refuse the object.
 */
export function adminPolicy(object: JsonObject, policy: AdminKind): CompiledPolicy[] {
  const spec = objectOf(object.spec, 'spec', [...policy.ownFields, 'subject', 'ingress', 'egress']);
  const { field, value } = oneOf(spec.subject, POD_PEERS, 'spec.subject');
  const section = (direction: Direction): Section => ({
    isolates: false,
    rules: listUpTo(spec[direction] ?? [], policy.most, `spec.${direction}`).map((rule, index) =>
      ruleOf(rule, index, direction, policy),
    ),
  });
  return [
    {
      kind: policy.kind,
      apiVersion: policy.apiVersion,
      namespace: null,
      name: String(objectAt(object, 'metadata').name),
      ...policy.place(spec),
      ties: 'undefined',
      selects: podsOf(field, value, `spec.subject.${field}`),
      sections: { ingress: section('ingress'), egress: section('egress') },
    },
  ];
}

/** Place of a policy among those of its tier: 0 is first, 1000 last. */
export function priorityOf({ priority }: JsonObject): number {
  if (isIntegerIn(priority, 0, 1000)) return priority;
  throw new InvalidPolicy('spec.priority', `is ${said(priority)}, not 0 to 1000`);
}

function ruleOf(raw: unknown, index: number, direction: Direction, policy: AdminKind): Rule {
  const { portsField, most } = policy;
  const [peersField, end] =
    direction === 'ingress' ? (['from', 'source'] as const) : (['to', 'destination'] as const);
  const where = `spec.${direction}[${index}]`;
  const rule = objectOf(raw, where, ['name', 'action', peersField, portsField]);
  const action = ACTIONS[choiceOf(rule.action, policy.actions, `${where}.action`)];
  const choice = direction === 'ingress' ? POD_PEERS : [...POD_PEERS, ...policy.egressPeers];
  const at = `${where}.${peersField}`;
  const peers = filledList(rule[peersField], most, at).map((peer, i) => oneOf(peer, choice, `${at}[${i}]`));
  const sets = peers.flatMap(({ field, value }, i) => peerOf(field, value, action, `${at}[${i}].${field}`));
  const ports = portsOfRule(rule[portsField], policy, `${where}.${portsField}`);
  const nameless = peers.find(({ field }) => policy.egressPeers.some((one) => one === field));
  if (nameless !== undefined && ports?.some(({ port }) => typeof port === 'string')) {
    const problem = `names a port beside ${nameless.field}, which have no names for ports`;
    throw new InvalidPolicy(`${where}.${portsField}`, problem);
  }
  return {
    action,
    index,
    label: `${direction} rule ${index}${nameOf(rule, where)}`,
    clauses: [new EndClause(end, sets), ...(ports === undefined ? [] : [new PortClause(ports)])],
  };
}

/** ` "no-metadata"`, or nothing for a rule without a name. */
function nameOf({ name = '' }: JsonObject, where: string): string {
  if (typeof name !== 'string' || name.length > 100) {
    throw new InvalidPolicy(`${where}.name`, `is ${said(name)}, not text of at most 100 characters`);
  }
  return name === '' ? '' : ` "${name}"`;
}

/** Undefined where the rule is about every port and protocol. */
function portsOfRule(raw: unknown, { most, portsOf }: AdminKind, where: string): PortRange[] | undefined {
  if (raw === undefined) return undefined;
  return filledList(raw, most, where).flatMap((entry, i) => portsOf(entry, `${where}[${i}]`));
}

function peerOf(
  field: PodPeer | PeerBeyondPods,
  value: unknown,
  action: Action,
  where: string,
): EndpointSet[] {
  switch (field) {
    case 'nodes':
      return [new LabelledNodes(LabelSelector.compile(value, where))];
    case 'networks':
      return filledList(value, MOST_BLOCKS_OR_NAMES, where).map(
        (cidr, i) =>
          new AddressBlock(cidrOf(cidr, `${where}[${i}]`), [], String(cidr), unaddressedIn(action)),
      );
    case 'domainNames': {
      const names = filledList(value, MOST_BLOCKS_OR_NAMES, where).map((name, i) =>
        domainName(name, `${where}[${i}]`),
      );
      return [
        new UnjudgedSet(`domain names ${names.join(', ')}`, 'domain names cannot be judged from addresses'),
      ];
    }
    default:
      return [podsOf(field, value, where)];
  }
}

function podsOf(field: PodPeer, value: unknown, where: string): LabelledPods {
  if (field === 'namespaces') {
    return new LabelledPods(
      { labels: LabelSelector.compile(value, where) },
      LabelSelector.compile({}, where),
    );
  }
  const { namespaceSelector, podSelector } = objectOf(value, where, ['namespaceSelector', 'podSelector']);
  return new LabelledPods(
    { labels: LabelSelector.compile(namespaceSelector, `${where}.namespaceSelector`) },
    LabelSelector.compile(podSelector, `${where}.podSelector`),
  );
}

function domainName(value: unknown, where: string): string {
  if (typeof value === 'string' && DOMAIN_NAME.test(value)) return value;
  throw new InvalidPolicy(where, `is ${said(value)}, not a domain name such as example.com or *.example.com`);
}

function filledList(value: unknown, most: number, where: string): readonly unknown[] {
  const items = listUpTo(value, most, where);
  if (items.length === 0) throw new InvalidPolicy(where, 'is empty');
  return items;
}

function listUpTo(value: unknown, most: number, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidPolicy(where, `is ${said(value)}, not a list`);
  if (value.length > most) throw new InvalidPolicy(where, `has ${value.length} items, more than ${most}`);
  return value;
}
