import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/kubernetes/json.js';
import { type Meaning, meaningOf } from '../../../../src/policy/policy_kinds.js';
import { calicoPolicy, clusterObject, globalPolicy } from '../calico/calico_objects.js';
import { ask, clusterOf, objectOf, SHOP } from '../cluster.js';

const rule = (text: string) => `ingress: [{action: Allow, ${text}}]`;
const source = (text: string) => rule(`source: {${text}}`);
const tcp = (text: string) => rule(`protocol: TCP, destination: {${text}}`);

refuses('NetworkPolicy', {
  'rank: 1':
    'spec.rank is not a known field, expected tier, order, selector, serviceAccountSelector, types, ingress, egress, performanceHints',
  'namespaceSelector: all()':
    'spec.namespaceSelector is not a known field, expected tier, order, selector, serviceAccountSelector, types, ingress, egress, performanceHints',
  'tier: 5': 'spec.tier is 5, not a name',
  'order: first': 'spec.order is "first", not a number',
  'selector: app =':
    'spec.selector is "app =": expected a comparison after label app at character 5, found "="',
  'selector: global()':
    'spec.selector is "global()": expected no global(), which is only for a rule, as its whole namespaceSelector, at character 8, found ")"',
  'serviceAccountSelector: (':
    'spec.serviceAccountSelector is "(": expected a label, has(), all(), ! or ( at character 2, found the end',
  'types: Ingress': 'spec.types is "Ingress", not a list',
  'types: [Both]': 'spec.types[0] is "Both", not Egress or Ingress',
  'types: [1]': 'spec.types[0] is 1, not Egress or Ingress',
  'ingress: {}': 'spec.ingress is {}, not a list',
  'egress: [Allow]': 'spec.egress[0] is "Allow", not an object',
  'ingress: [{}]': 'spec.ingress[0].action is missing, not Allow, Deny, Pass or Log',
  'ingress: [{action: Drop}]': 'spec.ingress[0].action is "Drop", not Allow, Deny, Pass or Log',
  [rule('port: 80')]:
    'spec.ingress[0].port is not a known field, expected action, ipVersion, protocol, notProtocol, icmp, notICMP, source, destination, http, metadata',
  [rule('protocol: TPC')]:
    'spec.ingress[0].protocol is "TPC", not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255',
  [rule('protocol: 0')]:
    'spec.ingress[0].protocol is 0, not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255',
  [rule('protocol: 256')]:
    'spec.ingress[0].protocol is 256, not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255',
  [rule('protocol: 6.5')]:
    'spec.ingress[0].protocol is 6.5, not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255',
  [rule('protocol: [6]')]:
    'spec.ingress[0].protocol is [6], not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255',
  [rule('notProtocol: {}')]:
    'spec.ingress[0].notProtocol is {}, not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255',
  [rule('ipVersion: 5')]: 'spec.ingress[0].ipVersion is 5, not 4 or 6',
  [rule('icmp: {type: 8}')]: 'spec.ingress[0].icmp needs protocol ICMP or ICMPv6',
  [rule('protocol: TCP, notICMP: {type: 8}')]: 'spec.ingress[0].notICMP needs protocol ICMP or ICMPv6',
  [rule('protocol: ICMP, icmp: {type: 255}')]: 'spec.ingress[0].icmp.type is 255, not 0 to 254',
  [rule('protocol: ICMP, icmp: {code: 0}')]: 'spec.ingress[0].icmp.type is missing, not 0 to 254',
  [rule('protocol: ICMP, icmp: {type: -1}')]: 'spec.ingress[0].icmp.type is -1, not 0 to 254',
  [rule('protocol: ICMP, icmp: {type: 8, code: 256}')]: 'spec.ingress[0].icmp.code is 256, not 0 to 255',
  [rule('protocol: ICMP, icmp: {type: 8, code: -1}')]: 'spec.ingress[0].icmp.code is -1, not 0 to 255',
  [rule('protocol: ICMP, icmp: {kind: 8}')]:
    'spec.ingress[0].icmp.kind is not a known field, expected type, code',
  [rule('source: web')]: 'spec.ingress[0].source is "web", not an object',
  [source('labels: web')]:
    'spec.ingress[0].source.labels is not a known field, expected nets, notNets, selector, notSelector, namespaceSelector, serviceAccounts, services, ports, notPorts, domains',
  [source('nets: 10.0.0.0/8')]: 'spec.ingress[0].source.nets is "10.0.0.0/8", not a list',
  [source('nets: [10.0.0.0/33]')]:
    'spec.ingress[0].source.nets[0] is "10.0.0.0/33", not an address or a block such as 10.0.0.0/8',
  [source('notNets: [10]')]:
    'spec.ingress[0].source.notNets[0] is 10, not an address or a block such as 10.0.0.0/8',
  [source('selector: [app]')]: 'spec.ingress[0].source.selector is ["app"], not a selector',
  [source('notSelector: app')]:
    'spec.ingress[0].source.notSelector is "app": expected a comparison after label app at character 4, found the end',
  [source('namespaceSelector: global() && has(x)')]:
    'spec.ingress[0].source.namespaceSelector is "global() && has(x)": expected no global(), which is only for a rule, as its whole namespaceSelector, at character 8, found ") && has(x)"',
  [source('namespaceSelector: {team: a}')]:
    'spec.ingress[0].source.namespaceSelector is {"team":"a"}, not a selector',
  [source('serviceAccounts: [web]')]: 'spec.ingress[0].source.serviceAccounts is ["web"], not an object',
  [source('serviceAccounts: {name: web}')]:
    'spec.ingress[0].source.serviceAccounts.name is not a known field, expected names, selector',
  [source('serviceAccounts: {names: web}')]:
    'spec.ingress[0].source.serviceAccounts.names is "web", not a list',
  [source(`serviceAccounts: {names: ['']}`)]:
    'spec.ingress[0].source.serviceAccounts.names[0] is "", not a name',
  [source('serviceAccounts: {selector: app}')]:
    'spec.ingress[0].source.serviceAccounts.selector is "app": expected a comparison after label app at character 4, found the end',
  [source('services: api')]: 'spec.ingress[0].source.services is "api", not an object',
  [source('services: {}')]: 'spec.ingress[0].source.services.name is missing, not a name',
  [source('services: {name: api, port: 80}')]:
    'spec.ingress[0].source.services.port is not a known field, expected name, namespace',
  [rule('destination: {services: {name: api}}')]:
    'spec.ingress[0].destination.services is only for the source of ingress rules',
  'egress: [{action: Allow, source: {services: {name: api}}}]':
    'spec.egress[0].source.services is only for the destination of egress rules',
  [source('domains: example.com')]: 'spec.ingress[0].source.domains is "example.com", not a list',
  [source('ports: [80]')]: 'spec.ingress[0].source.ports[0] is 80, which needs a protocol',
  [source('notPorts: ["80:81"]')]: 'spec.ingress[0].source.notPorts[0] is "80:81", which needs a protocol',
  [rule('protocol: ICMP, destination: {ports: [http]}')]:
    'spec.ingress[0].destination.ports[0] is "http", but ICMP has no ports',
  [tcp('ports: 80')]: 'spec.ingress[0].destination.ports is 80, not a list',
  [tcp('ports: [0]')]:
    'spec.ingress[0].destination.ports[0] is 0, not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('ports: [80, 65536]')]:
    'spec.ingress[0].destination.ports[1] is 65536, not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('ports: ["0:80"]')]:
    'spec.ingress[0].destination.ports[0] is "0:80", not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('ports: ["80:65536"]')]:
    'spec.ingress[0].destination.ports[0] is "80:65536", not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('ports: ["81:80"]')]:
    'spec.ingress[0].destination.ports[0] is "81:80", not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('notPorts: ["a b"]')]:
    'spec.ingress[0].destination.notPorts[0] is "a b", not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('ports: [[80]]')]:
    'spec.ingress[0].destination.ports[0] is [80], not 1 to 65535, a range such as 1000:2000 or the name of a port',
  [tcp('ports: [{}]')]:
    'spec.ingress[0].destination.ports[0] is {}, not 1 to 65535, a range such as 1000:2000 or the name of a port',
});

refuses('GlobalNetworkPolicy', {
  'doNotTrack: true, applyOnForward: true':
    'spec.doNotTrack makes it a policy for host endpoints only, which are not judged',
  'preDNAT: true, applyOnForward: true':
    'spec.preDNAT makes it a policy for host endpoints only, which are not judged',
  'namespaceSelector: global()':
    'spec.namespaceSelector is "global()": expected no global(), which is only for a rule, as its whole namespaceSelector, at character 8, found ")"',
  [source('services: {name: api}')]: 'spec.ingress[0].source.services.namespace is null, not a name',
});

refuses('Tier', {
  'order: "1"': 'spec.order is "1", not a number',
  'defaultAction: Allow': 'spec.defaultAction is "Allow", not Deny or Pass',
  'name: x': 'spec.name is not a known field, expected order, defaultAction',
});

refuses('GlobalNetworkSet', {
  'nets: [10.0.0.0/8, x]': 'spec.nets[1] is "x", not an address or a block such as 10.0.0.0/8',
  'allowedEgressDomains: [example.com]': 'spec.allowedEgressDomains is not a known field, expected nets',
});

refuses('Profile', {
  'rules: []': 'spec.rules is not a known field, expected ingress, egress, labelsToApply',
  'egress: [{}]': 'spec.egress[0].action is missing, not Allow, Deny, Pass or Log',
});

/** Tests that an object of the kind with each spec has that problem. */
function refuses(kind: string, problems: Record<string, string>): void {
  for (const [spec, message] of Object.entries(problems)) {
    test(`${kind} ${spec}: ${message}`, () => {
      const object = objectOf(clusterObject(kind, kind === 'Profile' ? 'kns.shop' : 'x', spec));
      assert.throws(() => compile(meaningOf('projectcalico.org/v3', kind), object), {
        name: 'InvalidPolicy',
        message,
      });
    });
  }
}

function compile(meaning: Meaning | undefined, object: JsonObject): unknown {
  assert(meaning !== undefined && !('staged' in meaning));
  if ('policy' in meaning) return meaning.policy(object);
  return 'tier' in meaning ? meaning.tier(object) : meaning.addresses(object);
}

test('both groups, each in its version, and the kinds of no other version', () => {
  const kinds = ['NetworkPolicy', 'GlobalNetworkPolicy', 'Tier', 'NetworkSet', 'GlobalNetworkSet', 'Profile'];
  for (const kind of [
    ...kinds,
    'StagedNetworkPolicy',
    'StagedGlobalNetworkPolicy',
    'StagedKubernetesNetworkPolicy',
  ]) {
    assert(meaningOf('projectcalico.org/v3', kind) !== undefined, kind);
    assert(meaningOf('crd.projectcalico.org/v1', kind) !== undefined, kind);
  }
  const object = objectOf(calicoPolicy('p', '', 'projectcalico.org/v4'));
  assert.throws(() => compile(meaningOf('projectcalico.org/v4', 'NetworkPolicy'), object), {
    message: 'apiVersion is projectcalico.org/v4: expected projectcalico.org/v3',
  });
});

test('a policy that is left out of the verdict is listed beside it, and so are sets and tiers', () => {
  const state = clusterOf(
    SHOP,
    globalPolicy('hosts', 'doNotTrack: true, applyOnForward: true, ingress: [{action: Deny}]'),
    clusterObject('Tier', 'first', 'order: x'),
    clusterObject('GlobalNetworkSet', 'partners', 'nets: [x]'),
  );
  assert.match(ask(state, 'shop/web > shop/db TCP 80'), /^allowed/);
  assert.deepEqual(
    state.problems(null).map(({ kind, name, field }) => `${kind} ${name} ${field}`),
    [
      'GlobalNetworkPolicy hosts spec.doNotTrack',
      'Tier first spec.order',
      'GlobalNetworkSet partners spec.nets[0]',
    ],
  );
});
