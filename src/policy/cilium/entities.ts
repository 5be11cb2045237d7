import type { Endpoint } from '../cluster/endpoint.js';
import type { Cluster } from '../rules/cluster.js';
import type { Role } from '../rules/endpoint_set.js';
import { choiceOf } from '../rules/fields.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { type Peer, whoIs } from './peer_clause.js';

type Identity = Peer['has'];

/**
 * Reserved identities: what Cilium takes an address for that is no pod's.
 * Source: cilium/pkg/labels/labels.go, cilium/pkg/identity/reserved.go.
 */
export const IDENTITIES = {
  world: ({ kind }) => kind === 'external',
  'world-ipv4': (endpoint) => endpoint.kind === 'external' && endpoint.ip.length === 4,
  'world-ipv6': (endpoint) => endpoint.kind === 'external' && endpoint.ip.length === 16,
  host: (endpoint, _, ownNode) => isNode(endpoint, ownNode, true),
  'remote-node': (endpoint, _, ownNode) => isNode(endpoint, ownNode, false),
  'kube-apiserver': isKubeApiServer,
} satisfies Record<string, Identity>;

/** Of those whom no address stands for that is known to be somebody's. */
const nowhere: Identity = () => false;

/** Source: cilium/pkg/policy/api/entity.go. */
const ENTITIES = {
  ...IDENTITIES,
  all: () => true,
  cluster: (endpoint, cluster) =>
    endpoint.kind === 'pod' || endpoint.kind === 'node' || isKubeApiServer(endpoint, cluster),
  ingress: nowhere,
  init: nowhere,
  health: nowhere,
  unmanaged: nowhere,
  none: nowhere,
} satisfies Record<string, Identity>;

const ENTITY_NAMES = Object.keys(ENTITIES) as (keyof typeof ENTITIES)[];

/** A class of peers that have no labels of their own. */
class Entity implements Peer {
  readonly text: string;

  constructor(
    name: string,
    readonly has: Identity,
  ) {
    this.text = `entity ${name}`;
  }

  whyNot(endpoint: Endpoint, role: Role): Miss {
    return { distance: 20, asks: this.text, actual: whoIs(endpoint, role) };
  }
}

/** Compiles an item of fromEntities or toEntities. */
export function entityOf(raw: unknown, where: string): Peer {
  const name = choiceOf(raw, ENTITY_NAMES, where);
  return new Entity(name, ENTITIES[name]);
}

/** Whether it is a node: the pod's own, or another. */
export function isNode(endpoint: Endpoint, ownNode: string | null, isOwn: boolean): Match {
  if (endpoint.kind !== 'node') return false;
  if (ownNode === null) return unknown('the node of the pod is not known');
  return (endpoint.node === ownNode) === isOwn;
}

/** Its addresses are those behind service default/kubernetes. */
function isKubeApiServer({ kind, address }: Endpoint, cluster: Cluster): Match {
  if (kind === 'pod') return false;
  const addresses = cluster.backendAddresses('default/kubernetes');
  return addresses?.includes(address) ?? unknown('where service default/kubernetes leads was not recorded');
}
