import { isJsonObject, type JsonObject, objectAt, textAt } from '../kubernetes/json.js';
import { type Cidr, cidrWithin, parseCidr } from './ip.js';
import { InvalidPolicy } from './problem.js';
import { Selector } from './selector.js';

export type Direction = 'ingress' | 'egress';
export type PolicyProtocol = 'TCP' | 'UDP' | 'SCTP';

/** Pods by labels; without `namespaces` those of the policy's own namespace. */
export interface PodPeer {
  readonly namespaces: Selector | undefined;
  readonly pods: Selector | undefined;
}

export interface BlockPeer {
  readonly block: Cidr;
  readonly except: readonly Cidr[];
  /** As written: `10.0.0.0/8 except 10.1.0.0/16`. */
  readonly text: string;
}

export type Peer = PodPeer | BlockPeer;

export interface PortRange {
  readonly protocol: PolicyProtocol;
  /** Number, name of a container port of the destination pod, or undefined for every port. */
  readonly port: number | string | undefined;
  /** Last port of the range, inclusive. */
  readonly endPort: number | undefined;
}

/** Undefined peers or ports: all of them. */
export interface Rule {
  readonly peers: readonly Peer[] | undefined;
  readonly ports: readonly PortRange[] | undefined;
}

/** A NetworkPolicy ready to be evaluated many times. */
export interface CompiledPolicy {
  readonly kind: 'NetworkPolicy';
  readonly namespace: string;
  readonly name: string;
  readonly pods: Selector;
  /** The rules of each direction in which the policy isolates the pods it selects. */
  readonly rules: { readonly [D in Direction]: readonly Rule[] | undefined };
}

/** Compiles a networking.k8s.io/v1 NetworkPolicy. Throws InvalidPolicy where the API would refuse the object. */
export function compilePolicy(object: JsonObject): CompiledPolicy {
  const metadata = objectAt(object, 'metadata');
  const spec = objectAt(object, 'spec');
  const types = policyTypes(spec);
  return {
    kind: 'NetworkPolicy',
    namespace: textAt(metadata, 'namespace') ?? 'default',
    name: textAt(metadata, 'name') ?? '',
    pods: Selector.compile(spec.podSelector ?? {}, 'spec.podSelector'),
    rules: {
      ingress: types.has('Ingress') ? rulesOf(spec, 'ingress', 'from') : undefined,
      egress: types.has('Egress') ? rulesOf(spec, 'egress', 'to') : undefined,
    },
  };
}

/** Without policyTypes every policy is about ingress, and about egress as well if it has egress rules. */
function policyTypes(spec: JsonObject): Set<unknown> {
  const given = listOf(spec.policyTypes, 'spec.policyTypes') ?? [];
  for (const type of given) {
    if (type !== 'Ingress' && type !== 'Egress') {
      throw new InvalidPolicy('spec.policyTypes', `has ${JSON.stringify(type)}, not Ingress or Egress`);
    }
  }
  if (given.length > 0) return new Set(given);
  return new Set(listOf(spec.egress, 'spec.egress') ? ['Ingress', 'Egress'] : ['Ingress']);
}

function rulesOf(spec: JsonObject, direction: Direction, peersKey: 'from' | 'to'): Rule[] {
  const rules = listOf(spec[direction], `spec.${direction}`) ?? [];
  return rules.map((rule, i) => {
    const where = `spec.${direction}[${i}]`;
    // A rule that is null has neither peers nor ports, just as `{}`.
    const fields = rule === null ? {} : objectOf(rule, where);
    return {
      peers: listOf(fields[peersKey], `${where}.${peersKey}`)?.map((peer, n) =>
        peerOf(objectOf(peer, `${where}.${peersKey}[${n}]`), `${where}.${peersKey}[${n}]`),
      ),
      ports: listOf(fields.ports, `${where}.ports`)?.map((port, n) =>
        portOf(objectOf(port, `${where}.ports[${n}]`), `${where}.ports[${n}]`),
      ),
    };
  });
}

function peerOf(peer: JsonObject, where: string): Peer {
  const pods = peer.podSelector ?? undefined;
  const namespaces = peer.namespaceSelector ?? undefined;
  const block = peer.ipBlock ?? undefined;
  if (block !== undefined && (pods !== undefined || namespaces !== undefined)) {
    throw new InvalidPolicy(where, 'has ipBlock beside a selector');
  }
  if (block !== undefined) return blockOf(objectOf(block, `${where}.ipBlock`), `${where}.ipBlock`);
  if (pods === undefined && namespaces === undefined) throw new InvalidPolicy(where, 'names no peer');
  return {
    pods: pods === undefined ? undefined : Selector.compile(pods, `${where}.podSelector`),
    namespaces:
      namespaces === undefined ? undefined : Selector.compile(namespaces, `${where}.namespaceSelector`),
  };
}

function blockOf(fields: JsonObject, where: string): BlockPeer {
  const block = cidrOf(fields.cidr, `${where}.cidr`);
  const excepted = listOf(fields.except, `${where}.except`) ?? [];
  const except = excepted.map((text, i) => {
    const cidr = cidrOf(text, `${where}.except[${i}]`);
    if (!cidrWithin(cidr, block) || cidr.prefix === block.prefix) {
      throw new InvalidPolicy(`${where}.except[${i}]`, `is ${text}, not a part of ${fields.cidr}`);
    }
    return cidr;
  });
  return {
    block,
    except,
    text: `${fields.cidr}${excepted.length > 0 ? ` except ${excepted.join(', ')}` : ''}`,
  };
}

function cidrOf(value: unknown, where: string): Cidr {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  if (cidr === undefined) throw new InvalidPolicy(where, `is ${said(value)}, not a block such as 10.0.0.0/8`);
  return cidr;
}

function portOf(fields: JsonObject, where: string): PortRange {
  const protocol = fields.protocol ?? 'TCP';
  const port = fields.port ?? undefined;
  const endPort = fields.endPort ?? undefined;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') {
    throw new InvalidPolicy(`${where}.protocol`, `is ${said(protocol)}, not TCP, UDP or SCTP`);
  }
  if (port !== undefined && !isPortNumber(port) && !isPortName(port)) {
    throw new InvalidPolicy(`${where}.port`, `is ${said(port)}, not 1 to 65535 or the name of a port`);
  }
  if (endPort === undefined) return { protocol, port, endPort };
  if (typeof port !== 'number') throw new InvalidPolicy(`${where}.endPort`, 'needs a port that is a number');
  if (!isPortNumber(endPort) || endPort < port) {
    throw new InvalidPolicy(`${where}.endPort`, `is ${said(endPort)}, not ${port} to 65535`);
  }
  return { protocol, port, endPort };
}

function isPortNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** An IANA service name: at most 15 of a-z, 0-9 and single inner hyphens, one of them a letter. */
function isPortName(value: unknown): value is string {
  return typeof value === 'string' && /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
}

/** A list with something in it; missing, null and empty all mean the same to the API. */
function listOf(value: unknown, where: string): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new InvalidPolicy(where, `is ${said(value)}, not a list`);
  return value.length > 0 ? value : undefined;
}

function objectOf(value: unknown, where: string): JsonObject {
  if (!isJsonObject(value)) throw new InvalidPolicy(where, `is ${said(value)}, not an object`);
  return value;
}

function said(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'missing';
}
