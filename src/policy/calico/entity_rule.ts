import type { JsonObject } from '../../kubernetes/json.js';
import { type AddressBlock, UNADDRESSED, unaddressedIn } from '../rules/address_block.js';
import type { Clause } from '../rules/clause.js';
import { EndClause } from '../rules/end_clause.js';
import type { EndpointSet } from '../rules/endpoint_set.js';
import { listOf, objectOf } from '../rules/fields.js';
import type { Match } from '../rules/match.js';
import type { Action, Direction } from '../rules/policy.js';
import { PortClause } from '../rules/port_clause.js';
import { InvalidPolicy } from '../rules/problem.js';
import { UnjudgedSet } from '../rules/unjudged.js';
import {
  butNot,
  type Demand,
  isAbsent,
  nameOf,
  ofNamespace,
  ofNamespaces,
  ownLabels,
  serviceAccountMatch,
  together,
} from './endpoint_fields.js';
import { netsOf } from './nets.js';
import { OtherPorts, OtherThan } from './other_than.js';
import { type CalicoPorts, portRanges, SourcePortClause } from './ports.js';
import { IpVersionClause } from './protocols.js';
import { SelectedEndpoints } from './selected.js';
import { ServiceBackends, ServiceClause } from './service.js';

/** Where a rule stands. */
export interface Place {
  /** Path of the rule in the object. */
  readonly where: string;
  readonly direction: Direction;
  readonly action: Action;
  /** Null in policies of the cluster. */
  readonly namespace: string | null;
}

type End = 'source' | 'destination';

const FIELDS = [
  'nets',
  'notNets',
  'selector',
  'notSelector',
  'namespaceSelector',
  'serviceAccounts',
  'services',
  'ports',
  'notPorts',
  'domains',
];

/**
 * Compiles what a rule asks of one end; all of it must hold. `domains` is a field of Calico Enterprise.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/policy_common.go.
 */
export function endClauses(value: unknown, end: End, place: Place, protocol: string | undefined): Clause[] {
  const where = `${place.where}.${end}`;
  const fields = objectOf(value ?? {}, where, FIELDS);
  const portsAt = (ranges: readonly CalicoPorts[]) =>
    end === 'source' ? new SourcePortClause(ranges) : new PortClause(ranges);
  const nets = netsOf(fields.nets, `${where}.nets`, unaddressedIn(place.action));
  const notNets = netsOf(fields.notNets, `${where}.notNets`, UNADDRESSED);
  const domains = listOf(fields.domains, `${where}.domains`);
  const ports = portRanges(fields.ports, protocol, `${where}.ports`);
  const notPorts = portRanges(fields.notPorts, protocol, `${where}.notPorts`);
  return [
    ...selectorClauses(fields, end, where, place),
    ...(nets.length > 0 ? [new EndClause(end, nets)] : []),
    ...(notNets.length > 0 ? [new OtherThan(end, notNets), ...familyOf(notNets)] : []),
    ...(isAbsent(fields.services) ? [] : [serviceClause(fields.services, end, place)]),
    ...(domains ? [new EndClause(end, [domainsSet(domains)])] : []),
    ...(ports ? [portsAt(ports)] : []),
    ...(notPorts ? [new OtherPorts(portsAt(notPorts))] : []),
  ];
}

/**
 * Asks for the endpoints that the selectors take. In a policy of a namespace they are its own unless it says
 * otherwise, and notSelector alone limits a rule to them too. Beside other selectors notSelector takes away from what
 * they take, alone in a policy of the cluster it leaves everything else.
 * Source: projectcalico/calico libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go, felix/calc/rule_scanner.go.
 */
function selectorClauses(
  fields: JsonObject,
  end: End,
  where: string,
  { namespace, action }: Place,
): Clause[] {
  const own = ownLabels(fields.selector, `${where}.selector`);
  const not = ownLabels(fields.notSelector, `${where}.notSelector`);
  const accounts = serviceAccountMatch(fields.serviceAccounts, `${where}.serviceAccounts`);
  const namespaces = ofNamespaces(fields.namespaceSelector, `${where}.namespaceSelector`, true);
  const isSelecting = own !== undefined || accounts.length > 0 || not !== undefined;
  const inOwn = namespace !== null && isSelecting ? ofNamespace(namespace) : undefined;
  const others = [namespaces ?? inOwn ?? [], accounts].flat();
  if (own !== undefined || others.length > 0) {
    const all = together('endpoint', own, not ? [...others, butNot(not)] : others);
    return [new EndClause(end, [asSet(all, unaddressedIn(action))])];
  }
  return not ? [new OtherThan(end, [asSet(together('endpoint', not, []), UNADDRESSED)])] : [];
}

function asSet({ selector, text }: Demand, unaddressed: Match): EndpointSet {
  return new SelectedEndpoints(selector, text, unaddressed);
}

function domainsSet(domains: readonly unknown[]): EndpointSet {
  return new UnjudgedSet(`domains ${domains.join(', ')}`, 'domains cannot be judged from addresses');
}

/** What leaves out addresses of one family only says nothing of the other. Source: projectcalico/calico felix/rules/policy.go. */
function familyOf(blocks: readonly AddressBlock[]): Clause[] {
  const lengths = new Set(blocks.map(({ block }) => block.bytes.length));
  return lengths.size > 1 ? [] : [new IpVersionClause(lengths.has(4) ? 4 : 6)];
}

/** Endpoints of a service, and for a destination the ports on which they serve it. */
function serviceClause(value: unknown, end: End, { where, direction, namespace }: Place): Clause {
  const at = `${where}.${end}.services`;
  if (end !== (direction === 'ingress' ? 'source' : 'destination')) {
    throw new InvalidPolicy(
      at,
      `is only for the ${direction === 'ingress' ? 'source' : 'destination'} of ${direction} rules`,
    );
  }
  const fields = objectOf(value, at, ['name', 'namespace']);
  const name = nameOf(fields.name, `${at}.name`);
  const backends = new ServiceBackends(`${nameOf(fields.namespace ?? namespace, `${at}.namespace`)}/${name}`);
  return end === 'source' ? new EndClause(end, [backends]) : new ServiceClause(backends);
}
