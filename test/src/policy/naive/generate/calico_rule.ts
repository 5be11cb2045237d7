import fc from 'fast-check';
import type { CalicoRule, EntityRule } from '../calico_objects.js';
import { cidrs, port, portName, range, SERVICE_ACCOUNTS } from './alphabet.js';
import { ofAccounts, ofNamespaces, ofPods } from './calico_selector.js';

const serviceAccounts = fc.record(
  {
    names: fc.uniqueArray(fc.constantFrom(...SERVICE_ACCOUNTS), { minLength: 1, maxLength: 1 }),
    selector: ofAccounts,
  },
  { requiredKeys: [] },
);
const nets = fc.oneof(cidrs, fc.constant(['203.0.113.5', '10.0.0.1']));
/** Of both families: what a rule with blocks of the other family alone says of an address is not defined. */
const notNets = fc
  .oneof(cidrs, fc.constant(['203.0.113.5']))
  .map((list) => [...list, '198.51.100.0/24', '2001:db9::/32']);
const portList = fc.array(
  fc.oneof(
    port,
    portName,
    range.map(({ start, end }) => `${start}:${end}`),
  ),
  { minLength: 1, maxLength: 2 },
);

/** Half of the entities say nothing, the others mostly one thing. */
function entity(withPorts: boolean): fc.Arbitrary<EntityRule> {
  const where: fc.Arbitrary<EntityRule> = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.record({ nets }) },
    { weight: 1, arbitrary: fc.record({ notNets }) },
    { weight: 1, arbitrary: fc.record({ nets, notNets }) },
    { weight: 2, arbitrary: fc.record({ selector: ofPods }) },
    { weight: 1, arbitrary: fc.record({ notSelector: ofPods }) },
    { weight: 1, arbitrary: fc.record({ selector: ofPods, notSelector: ofPods }) },
    {
      weight: 2,
      arbitrary: fc.record({ namespaceSelector: fc.oneof(ofNamespaces, fc.constant('global()')) }),
    },
    { weight: 1, arbitrary: fc.record({ selector: ofPods, namespaceSelector: ofNamespaces }) },
    { weight: 1, arbitrary: fc.record({ serviceAccounts }) },
    { weight: 1, arbitrary: fc.record({ selector: ofPods, serviceAccounts }) },
  );
  const ports: fc.Arbitrary<EntityRule> = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.record({ ports: portList }) },
    { weight: 1, arbitrary: fc.record({ notPorts: portList }) },
  );
  return fc
    .tuple(where, withPorts ? ports : fc.constant({}))
    .map(([some, others]) => ({ ...some, ...others }));
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.constant('Allow' as const) },
  { weight: 2, arbitrary: fc.constant('Deny' as const) },
  { weight: 2, arbitrary: fc.constant('Pass' as const) },
  { weight: 1, arbitrary: fc.constant('Log' as const) },
);
const anyProtocol: fc.Arbitrary<CalicoRule> = fc
  .record(
    {
      action,
      notProtocol: fc.constantFrom('TCP', 'UDP', 17, 'ICMP', 'UDPLite'),
      ipVersion: fc.constantFrom(4 as const, 6 as const),
      source: entity(false),
      destination: entity(false),
    },
    { requiredKeys: ['action', 'source'] },
  )
  .map((rule) => (rule.notProtocol === 'ICMP' ? { ...rule, ipVersion: 4 as const } : rule));
const withPorts: fc.Arbitrary<CalicoRule> = fc
  .record(
    {
      action,
      protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 6),
      source: entity(true),
      destination: entity(true),
    },
    { requiredKeys: ['action', 'protocol'] },
  )
  .map((rule) => (rule.protocol === 6 ? { ...rule, source: {}, destination: {} } : rule));
const icmp = fc.record({ type: fc.constantFrom(0, 8) }, { requiredKeys: [] });
const ofIcmp: fc.Arbitrary<CalicoRule> = fc
  .record(
    { action, protocol: fc.constantFrom('ICMP', 1), icmp, notICMP: icmp, source: entity(false) },
    { requiredKeys: ['action', 'protocol'] },
  )
  .map(({ notICMP, ...rule }) => (notICMP?.type === undefined ? rule : { ...rule, notICMP }));
const ofIcmp6: fc.Arbitrary<CalicoRule> = fc.record({ action, protocol: fc.constantFrom('ICMPv6', 58) });
const ofHttp: fc.Arbitrary<CalicoRule> = fc.record({
  action: fc.constant('Allow' as const),
  protocol: fc.constant('TCP'),
  http: fc.constant({ methods: ['GET'] }),
});

const services = { name: 'web', namespace: 'a' };

/** Services are the other end: the source at ingress, the destination at egress. */
export const rules = (end: 'source' | 'destination') =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: anyProtocol },
      { weight: 8, arbitrary: withPorts },
      { weight: 2, arbitrary: ofIcmp },
      { weight: 1, arbitrary: ofIcmp6 },
      { weight: 2, arbitrary: ofHttp },
      { weight: 1, arbitrary: action.map((one): CalicoRule => ({ action: one, [end]: { services } })) },
    ),
    { maxLength: 3 },
  );
