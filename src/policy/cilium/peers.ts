import type { JsonObject } from '../../kubernetes/json.js';
import type { Clause } from '../rules/clause.js';
import { EndClause } from '../rules/end_clause.js';
import type { EndpointSet } from '../rules/endpoint_set.js';
import { listOf } from '../rules/fields.js';
import type { Direction } from '../rules/policy.js';
import { InvalidPolicy } from '../rules/problem.js';
import { cidrBlockOf, cidrRuleOf, cloudGroupOf, domainNameOf, serviceOf } from './addresses.js';
import { peerEndpoints } from './endpoints.js';
import { entityOf } from './entities.js';
import { RemoteNodes } from './nodes.js';
import { nobody, type Peer, PeerClause } from './peer_clause.js';

/** A field of a rule that lists peers. */
interface PeerField {
  readonly field: string;
  /** Compiles an item of the list. */
  readonly peer: (raw: unknown, where: string, namespace: string | null) => Peer;
  /** Whether an empty list means nobody, or the same as no list. */
  readonly isNobodyIfEmpty: boolean;
}

/** Source: cilium/pkg/policy/api (ingress.go, egress.go), cilium/pkg/policy/utils (mergeEndpointSelectors). */
export const PEER_FIELDS: { readonly [D in Direction]: readonly PeerField[] } = {
  ingress: [
    { field: 'fromEndpoints', peer: peerEndpoints, isNobodyIfEmpty: true },
    { field: 'fromNodes', peer: RemoteNodes.compile, isNobodyIfEmpty: true },
    { field: 'fromEntities', peer: entityOf, isNobodyIfEmpty: true },
    { field: 'fromCIDR', peer: cidrBlockOf, isNobodyIfEmpty: true },
    { field: 'fromCIDRSet', peer: cidrRuleOf, isNobodyIfEmpty: true },
    { field: 'fromGroups', peer: cloudGroupOf, isNobodyIfEmpty: false },
  ],
  egress: [
    { field: 'toEndpoints', peer: peerEndpoints, isNobodyIfEmpty: true },
    { field: 'toNodes', peer: RemoteNodes.compile, isNobodyIfEmpty: true },
    { field: 'toEntities', peer: entityOf, isNobodyIfEmpty: true },
    { field: 'toCIDR', peer: cidrBlockOf, isNobodyIfEmpty: true },
    { field: 'toCIDRSet', peer: cidrRuleOf, isNobodyIfEmpty: true },
    { field: 'toGroups', peer: cloudGroupOf, isNobodyIfEmpty: false },
    { field: 'toServices', peer: serviceOf, isNobodyIfEmpty: false },
    { field: 'toFQDNs', peer: domainNameOf, isNobodyIfEmpty: false },
  ],
};

/** The peers that a rule names; undefined where it names none, which leaves them open. */
export function peerClauseOf(
  fields: JsonObject,
  direction: Direction,
  namespace: string | null,
  where: string,
): Clause | undefined {
  const lists = PEER_FIELDS[direction].map((field) => listIn(fields, field, namespace, where));
  const [first, second] = lists.filter(({ peers }) => peers.length > 0);
  if (second !== undefined) {
    throw new InvalidPolicy(
      where,
      `has ${second.field} beside ${first?.field}, but a rule names one kind of peers`,
    );
  }
  if (lists.some(({ isNobody }) => isNobody)) return nobody(direction);
  return first && clauseOf(first.peers, direction);
}

function listIn(
  fields: JsonObject,
  { field, peer, isNobodyIfEmpty }: PeerField,
  namespace: string | null,
  where: string,
) {
  const given = fields[field];
  const list = listOf(given, `${where}.${field}`) ?? [];
  const peers = list.map((raw, i) => peer(raw, `${where}.${field}[${i}]`, namespace));
  const isGiven = given !== undefined && given !== null;
  return { field, peers, isNobody: isGiven && isNobodyIfEmpty && peers.length === 0 };
}

/** Where pods' labels alone count, a clause that is remembered for each pod. */
function clauseOf(peers: readonly Peer[], direction: Direction): Clause {
  const end = direction === 'ingress' ? 'source' : 'destination';
  const sets = peers.flatMap(({ pods }) => pods ?? []);
  if (sets.length === peers.length) return new EndClause(end, sets);
  return new PeerClause(
    direction,
    peers.map((peer) => (peer.pods === undefined ? peer : podsAt(end, peer.pods))),
  );
}

/** The same pods, with the doubt that an EndClause has of those behind a node's address. */
function podsAt(end: 'source' | 'destination', set: EndpointSet): Peer {
  const clause = new EndClause(end, [set]);
  return {
    text: set.text,
    has: (endpoint, cluster) => clause.has(endpoint, cluster),
    whyNot: (endpoint, role, cluster) => set.whyNot(endpoint, role, cluster),
  };
}
