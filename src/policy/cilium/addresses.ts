import type { JsonObject } from '../../kubernetes/json.js';
import type { AddressGroup } from '../cluster/address_group.js';
import type { Endpoint, ExternalEndpoint } from '../cluster/endpoint.js';
import { type Cidr, cidrContains } from '../ip.js';
import { LabelSelector } from '../kubernetes/label_selector.js';
import { AddressBlock, addressBlock, cidrOf } from '../rules/address_block.js';
import { isBehindService } from '../rules/behind_service.js';
import type { Cluster } from '../rules/cluster.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { listOf, objectOf, said } from '../rules/fields.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { InvalidPolicy } from '../rules/problem.js';
import { whoIs } from './peer_clause.js';

/** Peers by addresses that are found elsewhere than in the policy. */
class AddressSet implements EndpointSet {
  constructor(
    readonly text: string,
    readonly has: (endpoint: Endpoint, cluster: Cluster) => Match,
  ) {}

  whyNot(endpoint: Endpoint, role: Role): Miss {
    return { distance: 20, asks: this.text, actual: whoIs(endpoint, role) };
  }
}

/** Addresses are never those of pods and nodes to Cilium, which knows them by their labels. */
function outside(text: string, has: (endpoint: ExternalEndpoint, cluster: Cluster) => Match): EndpointSet {
  return new AddressSet(text, (endpoint, cluster) => endpoint.kind === 'external' && has(endpoint, cluster));
}

/** Compiles an item of fromCIDR or toCIDR. */
export function cidrBlockOf(raw: unknown, where: string): EndpointSet {
  return new AddressBlock(cidrOf(raw, where), [], String(raw));
}

/**
 * Compiles an item of fromCIDRSet or toCIDRSet. An exception need only begin in the block: one as wide or wider leaves
 * nothing of it. Source: cilium/pkg/policy/api/cidr.go, rule_validation.go.
 */
export function cidrRuleOf(raw: unknown, where: string): EndpointSet {
  const rule = objectOf(raw, where, [...SOURCES, 'except']);
  const [source, another] = SOURCES.filter((field) => (rule[field] ?? '') !== '');
  if (source === undefined || another !== undefined) {
    throw new InvalidPolicy(
      where,
      `has ${source === undefined ? 'none' : 'more than one'} of ${SOURCES.join(', ')}`,
    );
  }
  if (source === 'cidr') return addressBlock(rule.cidr, rule.except, where, beginsIn);
  return addressGroups(rule, where);
}

function beginsIn(block: Cidr, { bytes }: Cidr): boolean {
  return cidrContains(block, bytes);
}

const SOURCES = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'] as const;

/** Those of CiliumCIDRGroups, by name or by labels. A group that is not there has none. */
function addressGroups({ cidrGroupRef, cidrGroupSelector, except }: JsonObject, where: string): EndpointSet {
  const { text, selects } =
    cidrGroupSelector === undefined
      ? groupNamed(cidrGroupRef, where)
      : groupsLabelled(cidrGroupSelector, where);
  const excepted = listOf(except, `${where}.except`) ?? [];
  const exceptions = excepted.map((cidr, i) => cidrOf(cidr, `${where}.except[${i}]`));
  const words = excepted.length > 0 ? `${text} except ${excepted.join(', ')}` : text;
  return outside(words, ({ ip }, cluster) => {
    if (exceptions.some((cidr) => cidrContains(cidr, ip))) return false;
    const groups = cluster.addressGroups('CiliumCIDRGroup').filter(selects);
    if (groups.some(({ blocks }) => blocks.some((cidr) => cidrContains(cidr, ip)))) return true;
    const gap = cluster.whyUnknown('CiliumCIDRGroup');
    return gap === undefined ? false : unknown(gap);
  });
}

interface GroupChoice {
  readonly text: string;
  readonly selects: (group: AddressGroup) => boolean;
}

function groupNamed(ref: unknown, where: string): GroupChoice {
  if (typeof ref !== 'string')
    throw new InvalidPolicy(`${where}.cidrGroupRef`, `is ${said(ref)}, not a name`);
  return { text: `addresses of CiliumCIDRGroup ${ref}`, selects: ({ name }) => name === ref };
}

function groupsLabelled(raw: unknown, where: string): GroupChoice {
  const selector = LabelSelector.compile(raw, `${where}.cidrGroupSelector`);
  const text = selector.isEmpty
    ? 'addresses of every CiliumCIDRGroup'
    : `addresses of CiliumCIDRGroups ${selector.text}`;
  return { text, selects: ({ labels }) => selector.matches(labels) };
}

/** Compiles an item of toFQDNs. Names never stand for what is in the cluster. */
export function domainNameOf(raw: unknown, where: string): EndpointSet {
  const { matchName, matchPattern } = objectOf(raw, where, ['matchName', 'matchPattern']);
  const name = matchName ?? matchPattern;
  if (typeof name !== 'string') throw new InvalidPolicy(where, `has neither matchName nor matchPattern`);
  return outside(`domain name ${name}`, () => unknown('domain names cannot be judged from addresses'));
}

/** Compiles an item of fromGroups or toGroups: security groups of a cloud, which are outside as well. */
export function cloudGroupOf(raw: unknown, where: string): EndpointSet {
  objectOf(raw, where);
  return outside('a group of a cloud provider', () =>
    unknown('the addresses of cloud groups are not recorded'),
  );
}

/**
 * Compiles an item of toServices: the backends of a service, be they pods or outside.
 * Source: cilium/pkg/policy/k8s/service.go, cilium/pkg/policy/api/service.go.
 */
export function serviceOf(raw: unknown, where: string): EndpointSet {
  const { k8sService, k8sServiceSelector } = objectOf(raw, where, ['k8sService', 'k8sServiceSelector']);
  if (k8sService === undefined && k8sServiceSelector === undefined)
    throw new InvalidPolicy(where, 'names no service');
  const service =
    k8sServiceSelector === undefined ? serviceNamed(k8sService, `${where}.k8sService`) : undefined;
  if (service === undefined) {
    return new AddressSet('services by their labels, or of any namespace', () =>
      unknown('which services it names cannot be told'),
    );
  }
  return new AddressSet(`service ${service}`, (endpoint, cluster) =>
    endpoint.kind === 'node' ? false : isBehindService(service, endpoint, cluster),
  );
}

/** Undefined for the services of that name in every namespace. */
function serviceNamed(raw: unknown, where: string): string | undefined {
  const { serviceName, namespace } = objectOf(raw, where, ['serviceName', 'namespace']);
  if (typeof serviceName !== 'string')
    throw new InvalidPolicy(`${where}.serviceName`, `is ${said(serviceName)}, not a name`);
  return typeof namespace === 'string' ? `${namespace}/${serviceName}` : undefined;
}
