import type { CompiledPolicy, Direction, Peer, PortRange, Rule } from './network_policy.js';

/** A rule in words: `pods app=web on TCP 80 or TCP 443`. */
function describeRule(rule: Rule, direction: Direction): string {
  const peers = rule.peers?.map(describePeer).join(' or ') ?? everyone(direction);
  return rule.ports === undefined ? peers : `${peers} on ${describePorts(rule.ports)}`;
}

/** `pods app=web`, `pods app=web of namespaces team=a`, `10.0.0.0/8 except 10.1.0.0/16`. */
export function describePeer(peer: Peer): string {
  if ('block' in peer) return peer.text;
  const pods = peer.pods === undefined || peer.pods.isEmpty ? 'every pod' : `pods ${peer.pods.text}`;
  if (peer.namespaces === undefined) return pods;
  return `${pods} of ${peer.namespaces.isEmpty ? 'every namespace' : `namespaces ${peer.namespaces.text}`}`;
}

/** `TCP 80 or UDP 5000-5010 or TCP port grpc`. */
export function describePorts(ports: readonly PortRange[]): string {
  return ports.map(describePort).join(' or ');
}

/** What changed from one version of a policy to the next, in words; undefined when nothing that counts did. */
export function describeEdit(before: CompiledPolicy, after: CompiledPolicy): string | undefined {
  const edits: string[] = [];
  if (before.pods.text !== after.pods.text) {
    edits.push(`it selected ${selected(before)} and now selects ${selected(after)}`);
  }
  for (const direction of ['ingress', 'egress'] as const) edits.push(...ruleEdits(before, after, direction));
  return edits.length > 0 ? edits.join('; ') : undefined;
}

function ruleEdits(before: CompiledPolicy, after: CompiledPolicy, direction: Direction): string[] {
  const old = before.rules[direction];
  const now = after.rules[direction];
  if (old === undefined && now === undefined) return [];
  if (old === undefined) return [`it now isolates ${direction}`];
  if (now === undefined) return [`it no longer isolates ${direction}`];
  const edits: string[] = [];
  for (let i = 0; i < Math.max(old.length, now.length); i++) {
    const [was, is] = [old[i], now[i]].map((rule) => rule && describeRule(rule, direction));
    if (was === is) continue;
    if (was === undefined) edits.push(`${direction} rule ${i} was added and allows ${is}`);
    else if (is === undefined) edits.push(`${direction} rule ${i}, which allowed ${was}, was removed`);
    else edits.push(`${direction} rule ${i} allowed ${was} and now allows ${is}`);
  }
  return edits;
}

function selected(policy: CompiledPolicy): string {
  return policy.pods.isEmpty ? 'every pod' : `pods ${policy.pods.text}`;
}

function describePort({ protocol, port, endPort }: PortRange): string {
  if (port === undefined) return `every ${protocol} port`;
  if (typeof port === 'string') return `${protocol} port ${port}`;
  return endPort === undefined ? `${protocol} ${port}` : `${protocol} ${port}-${endPort}`;
}

function everyone(direction: Direction): string {
  return direction === 'ingress' ? 'every source' : 'every destination';
}
