import { hit } from './branches.js';
import type { AdminPeer, AdminPort, ClusterProtocol } from './kubernetes_objects.js';
import {
  type End,
  hasNamedPort,
  inBlock,
  namespaceLabels,
  peerOf,
  type Question,
  selects,
  unlessMasqueraded,
} from './question.js';
import { all, any, type Truth } from './truth.js';

/** What a rule, a policy or a tier may say; `none` when nothing of it matches. */
export type Outcome = 'allow' | 'deny' | 'pass' | 'none';

interface Ordered {
  readonly subject: AdminPeer;
  /** Null for the one BaselineAdminNetworkPolicy. */
  readonly priority: number | null;
  readonly rules: readonly { readonly outcome: Outcome; readonly peers: Truth; readonly ports: Truth }[];
}

/**
 * AdminNetworkPolicy and ClusterNetworkPolicy of tier Admin, or BaselineAdminNetworkPolicy and those of tier Baseline:
 * everything that the tier may say of the connection. Of policies of the same priority any may be applied: what each
 * of them says is possible.
 * Source: kubernetes-sigs/network-policy-api, apis/v1alpha1 and apis/v1alpha2.
 */
export function adminTier(question: Question, tier: 'Admin' | 'Baseline'): Set<Outcome> {
  const policies = policiesOf(question, tier).filter(({ subject }) => isSubject(subject, question));
  const priorities = [...new Set(policies.map(({ priority }) => priority ?? 0))].sort((a, b) => a - b);
  const outcomes = new Set<Outcome>();
  for (const priority of priorities) {
    const said = policies.filter((one) => (one.priority ?? 0) === priority).map(outcomesOf);
    const decisions = new Set(said.flatMap((one) => [...one]).filter((outcome) => outcome !== 'none'));
    if (said.length > 1 && decisions.size > 1) hit('admin: equal priority, different outcomes', null);
    for (const outcome of decisions) outcomes.add(outcome);
    if (!said.every((one) => one.has('none'))) return outcomes;
  }
  return outcomes.add('none');
}

/** The first rule that matches decides. */
function outcomesOf({ rules }: Ordered): Set<Outcome> {
  const outcomes = new Set<Outcome>();
  for (const { outcome, peers, ports } of rules) {
    const matches = all([peers, ports]);
    if (matches === false) continue;
    outcomes.add(outcome);
    if (outcome === 'allow') hit('admin: allow', null);
    if (outcome === 'deny') hit('admin: deny', null);
    if (outcome === 'pass') hit('admin: pass', null);
    if (matches === true) return outcomes;
    hit('admin: the next rules count too', null);
  }
  return hit('admin: no rule matches for certain', outcomes.add('none'));
}

const ACTIONS = { Allow: 'allow', Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const;

function policiesOf(question: Question, tier: 'Admin' | 'Baseline'): Ordered[] {
  const policies: Ordered[] = [];
  for (const object of question.objects) {
    if (
      (tier === 'Admin' && object.kind === 'AdminNetworkPolicy') ||
      (tier === 'Baseline' && object.kind === 'BaselineAdminNetworkPolicy')
    ) {
      const rules = object.spec[question.direction] ?? [];
      policies.push({
        subject: object.spec.subject,
        priority: object.kind === 'AdminNetworkPolicy' ? object.spec.priority : null,
        rules: rules.map((rule) => ({
          outcome: ACTIONS[rule.action],
          peers: peersMatch(rule.from ?? rule.to ?? [], question),
          ports: rule.ports === undefined || any(rule.ports.map((port) => adminPort(port, question))),
        })),
      });
    }
    if (object.kind === 'ClusterNetworkPolicy' && object.spec.tier === tier) {
      const rules = object.spec[question.direction] ?? [];
      policies.push({
        subject: object.spec.subject,
        priority: object.spec.priority,
        rules: rules.map((rule) => ({
          outcome: ACTIONS[rule.action],
          peers: peersMatch(rule.from ?? rule.to ?? [], question),
          ports:
            rule.protocols === undefined || any(rule.protocols.map((one) => clusterProtocol(one, question))),
        })),
      });
    }
  }
  return policies;
}

function isSubject(subject: AdminPeer, question: Question): boolean {
  const self: End = { kind: 'pod', address: '', pod: question.pod };
  return podsMatch(subject, self, question)
    ? hit('admin: subject', true)
    : hit('admin: not the subject', false);
}

function podsMatch({ namespaces, pods }: AdminPeer, end: End, question: Question): boolean {
  if (end.kind !== 'pod') return hit('admin: peer is no pod', false);
  const { namespace, labels } = end.pod.metadata;
  const ofNamespace = namespaceLabels(question.objects, namespace);
  if (namespaces !== undefined) return hit('admin: namespaces', selects(namespaces, ofNamespace));
  if (pods === undefined) return false;
  return hit(
    'admin: pods',
    selects(pods.namespaceSelector, ofNamespace) && selects(pods.podSelector, labels ?? {}),
  );
}

function peersMatch(peers: readonly AdminPeer[], question: Question): Truth {
  const end = peerOf(question);
  return any(peers.map((peer) => peerMatches(peer, end, question)));
}

/** Nodes, networks and domain names are peers of egress only, where nothing is masqueraded yet. */
function peerMatches(peer: AdminPeer, end: End, question: Question): Truth {
  if (peer.domainNames !== undefined) return hit('admin: domainNames', 'unknown');
  if (peer.nodes !== undefined) {
    if (end.kind !== 'node') return hit('admin: nodes, peer is none', false);
    return hit('admin: nodes', selects(peer.nodes, end.node.metadata.labels ?? {}));
  }
  if (peer.networks !== undefined) {
    if (question.dataPlane === 'cilium' && end.kind !== 'external')
      return hit('admin: Cilium matches no networks inside the cluster', false);
    return hit(
      'admin: networks',
      peer.networks.some((cidr) => inBlock(end.address, cidr)),
    );
  }
  return unlessMasqueraded(question, end, podsMatch(peer, end, question));
}

function adminPort({ portNumber, portRange, namedPort }: AdminPort, question: Question): boolean {
  const { connection, destination } = question;
  const port = connection.destinationPort ?? 0;
  if (portNumber !== undefined)
    return hit(
      'admin: portNumber',
      connection.protocol === (portNumber.protocol ?? 'TCP') && port === portNumber.port,
    );
  if (portRange !== undefined)
    return hit(
      'admin: portRange',
      connection.protocol === (portRange.protocol ?? 'TCP') &&
        portRange.start <= port &&
        port <= portRange.end,
    );
  return hit('admin: namedPort', hasNamedPort(destination, namedPort ?? '', connection, port));
}

function clusterProtocol(protocol: ClusterProtocol, question: Question): boolean {
  const { connection, destination } = question;
  const port = connection.destinationPort ?? 0;
  if (protocol.destinationNamedPort !== undefined)
    return hit(
      'admin: destinationNamedPort',
      hasNamedPort(destination, protocol.destinationNamedPort, connection, port),
    );
  const wanted = { TCP: protocol.tcp, UDP: protocol.udp, SCTP: protocol.sctp };
  for (const [name, match] of Object.entries(wanted)) {
    if (match === undefined || connection.protocol !== name) continue;
    const { number, range } = match.destinationPort;
    if (number !== undefined) return hit('admin: destinationPort.number', port === number);
    if (range !== undefined)
      return hit('admin: destinationPort.range', range.start <= port && port <= range.end);
  }
  return hit('admin: another protocol', false);
}
