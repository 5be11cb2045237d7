import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/kubernetes/json.js';
import { compileCiliumCidrGroup } from '../../../../src/policy/cilium/cidr_group.js';
import { compileCiliumNetworkPolicy } from '../../../../src/policy/cilium/network_policy.js';
import { InvalidPolicy } from '../../../../src/policy/rules/problem.js';
import { objectOf } from '../cluster.js';

const ALL = 'endpointSelector: {}';

refuses(compileCiliumNetworkPolicy, {
  '': 'spec is missing, and so is specs',
  'spec: null': 'spec is missing, and so is specs',
  'spec: 1': 'spec is 1, not an object',
  'specs: {}': 'specs is {}, not a list',
  'specs: [null]': 'specs[0] is null, not an object',
  'spec: {}': 'spec.endpointSelector is not a label selector',
  [`spec: {${ALL}}`]: 'spec has no rules: one of ingress, ingressDeny, egress and egressDeny must have some',
  [`spec: {${ALL}, ingress: [], egress: []}`]:
    'spec has no rules: one of ingress, ingressDeny, egress and egressDeny must have some',
  'spec: {ingress: [{}]}': 'spec.endpointSelector is not a label selector',
  'spec: {nodeSelector: {}, ingress: [{}]}':
    'spec.nodeSelector makes it a policy for nodes, whose own traffic is not judged',
  [`specs: [{${ALL}, ingress: [{}]}, {nodeSelector: {}, ingress: [{}]}]`]:
    'specs[1].nodeSelector makes it a policy for nodes, whose own traffic is not judged',
  [`spec: {${ALL}, ingress: [{}], tier: 1}`]:
    'spec.tier is not a known field, expected endpointSelector, nodeSelector, ingress, ingressDeny, egress, egressDeny, enableDefaultDeny, labels, description, log',
  [`spec: {${ALL}, ingress: {}}`]: 'spec.ingress is {}, not a list',
  [`spec: {${ALL}, egressDeny: [1]}`]: 'spec.egressDeny[0] is 1, not an object',
  'spec: {endpointSelector: {matchLabels: {a: b c}}, ingress: [{}]}':
    'spec.endpointSelector.matchLabels has "b c", not a label value',
  'spec: {endpointSelector: {matchExpressions: [{key: "a b", operator: Exists}]}, ingress: [{}]}':
    'spec.endpointSelector.matchExpressions[0] has "a b", not a label key',
  'spec: {endpointSelector: {matchExpressions: [{operator: Exists}]}, ingress: [{}]}':
    'spec.endpointSelector.matchExpressions[0].key is missing',
  'spec: {endpointSelector: [], ingress: [{}]}': 'spec.endpointSelector is not a label selector',
  'spec: {endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": shop, a: 1}}, ingress: [{}]}':
    'spec.endpointSelector.matchLabels.a is not text',
  [`spec: {${ALL}, ingress: [{}], enableDefaultDeny: true}`]: 'spec.enableDefaultDeny is true, not an object',
  [`spec: {${ALL}, ingress: [{}], enableDefaultDeny: {both: true}}`]:
    'spec.enableDefaultDeny.both is not a known field, expected ingress, egress',
  [`spec: {${ALL}, ingress: [{}], enableDefaultDeny: {ingress: yes please}}`]:
    'spec.enableDefaultDeny.ingress is "yes please", not true or false',
});

refuses(inRule('ingress'), {
  'order: 1':
    'spec.ingress[0].order is not a known field, expected fromEndpoints, fromNodes, fromEntities, fromCIDR, fromCIDRSet, fromGroups, toPorts, icmps, fromRequires, authentication',
  'toEntities: [all]':
    'spec.ingress[0].toEntities is not a known field, expected fromEndpoints, fromNodes, fromEntities, fromCIDR, fromCIDRSet, fromGroups, toPorts, icmps, fromRequires, authentication',
  'fromEntities: [moon]':
    'spec.ingress[0].fromEntities[0] is "moon", not world, world-ipv4, world-ipv6, host, remote-node, kube-apiserver, all, cluster, ingress, init, health, unmanaged or none',
  'fromEntities: all': 'spec.ingress[0].fromEntities is "all", not a list',
  'fromCIDR: [10.0.0.1]': 'spec.ingress[0].fromCIDR[0] is "10.0.0.1", not a block such as 10.0.0.0/8',
  'fromCIDR: [1]': 'spec.ingress[0].fromCIDR[0] is 1, not a block such as 10.0.0.0/8',
  'fromCIDRSet: [{}]': 'spec.ingress[0].fromCIDRSet[0] has none of cidr, cidrGroupRef, cidrGroupSelector',
  'fromCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: a}]':
    'spec.ingress[0].fromCIDRSet[0] has more than one of cidr, cidrGroupRef, cidrGroupSelector',
  'fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/8]}]':
    'spec.ingress[0].fromCIDRSet[0].except[0] is 11.0.0.0/8, not a part of 10.0.0.0/8',
  'fromCIDRSet: [{cidrGroupRef: a, except: [b]}]':
    'spec.ingress[0].fromCIDRSet[0].except[0] is "b", not a block such as 10.0.0.0/8',
  'fromCIDRSet: [{cidrGroupRef: 1}]': 'spec.ingress[0].fromCIDRSet[0].cidrGroupRef is 1, not a name',
  'fromCIDRSet: [{cidrGroupSelector: 1}]':
    'spec.ingress[0].fromCIDRSet[0].cidrGroupSelector is not a label selector',
  'fromCIDRSet: [{cidr: 10.0.0.0/8, ports: []}]':
    'spec.ingress[0].fromCIDRSet[0].ports is not a known field, expected cidr, cidrGroupRef, cidrGroupSelector, except',
  'fromCIDRSet: [1]': 'spec.ingress[0].fromCIDRSet[0] is 1, not an object',
  'fromEndpoints: [{}], fromEntities: [all]':
    'spec.ingress[0] has fromEntities beside fromEndpoints, but a rule names one kind of peers',
  'fromEndpoints: [1]': 'spec.ingress[0].fromEndpoints[0] is not a label selector',
  'fromNodes: [1]': 'spec.ingress[0].fromNodes[0] is not a label selector',
  'fromGroups: [1]': 'spec.ingress[0].fromGroups[0] is 1, not an object',
  'fromRequires: 1': 'spec.ingress[0].fromRequires is 1, not a list',
  'authentication: 1': 'spec.ingress[0].authentication is 1, not an object',
  'authentication: {}':
    'spec.ingress[0].authentication.mode is missing, not disabled, required or test-always-fail',
  'authentication: {mode: required, type: x}':
    'spec.ingress[0].authentication.type is not a known field, expected mode',
  'icmps: [{fields: [{type: 8}]}], toPorts: [{}]':
    'spec.ingress[0] has icmps beside toPorts, but a rule has one of them',
  'icmps: [1]': 'spec.ingress[0].icmps[0] is 1, not an object',
  'icmps: [{field: []}]': 'spec.ingress[0].icmps[0].field is not a known field, expected fields',
  'icmps: [{fields: [{type: 256}]}]':
    'spec.ingress[0].icmps[0].fields[0].type is 256, not 0 to 255 or the name of a type',
  'icmps: [{fields: [{type: "a b"}]}]':
    'spec.ingress[0].icmps[0].fields[0].type is "a b", not 0 to 255 or the name of a type',
  'icmps: [{fields: [{}]}]':
    'spec.ingress[0].icmps[0].fields[0].type is missing, not 0 to 255 or the name of a type',
  'icmps: [{fields: [{type: 8, family: IPv5}]}]':
    'spec.ingress[0].icmps[0].fields[0].family is "IPv5", not IPv4 or IPv6',
  'icmps: [{fields: [{type: 8, code: 1}]}]':
    'spec.ingress[0].icmps[0].fields[0].code is not a known field, expected family, type',
  'toPorts: [1]': 'spec.ingress[0].toPorts[0] is 1, not an object',
  'toPorts: [{port: 1}]':
    'spec.ingress[0].toPorts[0].port is not a known field, expected ports, rules, serverNames, terminatingTLS, originatingTLS, listener',
  [`toPorts: [{ports: [${'{port: "1"}, '.repeat(41)}]}]`]:
    'spec.ingress[0].toPorts[0].ports has 41 ports, more than 40',
  'toPorts: [{ports: [{port: 80}]}]': 'spec.ingress[0].toPorts[0].ports[0].port is 80, not text such as "80"',
  'toPorts: [{ports: [{protocol: TCP}]}]':
    'spec.ingress[0].toPorts[0].ports[0].port is missing, not text such as "80"',
  'toPorts: [{ports: [{port: "65536"}]}]':
    'spec.ingress[0].toPorts[0].ports[0].port is "65536", not "0" to "65535" or the name of a port',
  'toPorts: [{ports: [{port: ""}]}]':
    'spec.ingress[0].toPorts[0].ports[0].port is "", not "0" to "65535" or the name of a port',
  'toPorts: [{ports: [{port: "80-90"}]}]':
    'spec.ingress[0].toPorts[0].ports[0].port is "80-90", not "0" to "65535" or the name of a port',
  'toPorts: [{ports: [{port: "80", endPort: 65536}]}]':
    'spec.ingress[0].toPorts[0].ports[0].endPort is 65536, not 0 to 65535',
  'toPorts: [{ports: [{port: "80", endPort: "90"}]}]':
    'spec.ingress[0].toPorts[0].ports[0].endPort is "90", not 0 to 65535',
  'toPorts: [{ports: [{port: "80", protocol: tcp}]}]':
    'spec.ingress[0].toPorts[0].ports[0].protocol is "tcp", not ANY, TCP, UDP, SCTP, ICMP, ICMPv6, VRRP, IGMP, GRE, IPIP, IPv6, ESP or AH',
  'toPorts: [{ports: [{port: "80", protocol: GRE}]}]':
    'spec.ingress[0].toPorts[0].ports[0].port is "80", not 0',
  'toPorts: [{ports: [{port: "80", name: x}]}]':
    'spec.ingress[0].toPorts[0].ports[0].name is not a known field, expected port, endPort, protocol',
  'toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]':
    'spec.ingress[0].toPorts[0].rules is for ports whose protocol is TCP',
  'toPorts: [{ports: [{port: "0", protocol: TCP}], rules: {http: [{}]}}]':
    'spec.ingress[0].toPorts[0].rules is not for port 0',
  'toPorts: [{ports: [{port: "53"}], rules: {dns: [{}]}}]':
    'spec.ingress[0].toPorts[0].rules.dns is for egress only',
  'toPorts: [{ports: [{port: "80"}], rules: {grpc: [{}]}}]':
    'spec.ingress[0].toPorts[0].rules.grpc is not a known field, expected http, kafka, dns, l7proto, l7',
  'toPorts: [{ports: [{port: "80"}], rules: 1}]': 'spec.ingress[0].toPorts[0].rules is 1, not an object',
});

refuses(inRule('egress'), {
  'fromEntities: [all]':
    'spec.egress[0].fromEntities is not a known field, expected toEndpoints, toNodes, toEntities, toCIDR, toCIDRSet, toGroups, toServices, toFQDNs, toPorts, icmps, toRequires, authentication',
  'toServices: [{}]': 'spec.egress[0].toServices[0] names no service',
  'toServices: [1]': 'spec.egress[0].toServices[0] is 1, not an object',
  'toServices: [{k8sService: {}}]':
    'spec.egress[0].toServices[0].k8sService.serviceName is missing, not a name',
  'toServices: [{k8sService: {serviceName: a, port: 1}}]':
    'spec.egress[0].toServices[0].k8sService.port is not a known field, expected serviceName, namespace',
  'toServices: [{service: a}]':
    'spec.egress[0].toServices[0].service is not a known field, expected k8sService, k8sServiceSelector',
  'toFQDNs: [{}]': 'spec.egress[0].toFQDNs[0] has neither matchName nor matchPattern',
  'toFQDNs: [{name: a}]':
    'spec.egress[0].toFQDNs[0].name is not a known field, expected matchName, matchPattern',
  'toCIDR: [a], toFQDNs: [{matchName: a}]': 'spec.egress[0].toCIDR[0] is "a", not a block such as 10.0.0.0/8',
  'toPorts: [{ports: [{port: "0"}], rules: {dns: [{}]}}]':
    'spec.egress[0].toPorts[0].rules is not for port 0',
});

refuses(inRule('ingressDeny'), {
  'authentication: {mode: disabled}':
    'spec.ingressDeny[0].authentication is not a known field, expected fromEndpoints, fromNodes, fromEntities, fromCIDR, fromCIDRSet, fromGroups, toPorts, icmps, fromRequires',
  'toPorts: [{ports: [{port: "80"}], rules: {}}]':
    'spec.ingressDeny[0].toPorts[0].rules is not a known field, expected ports',
});

refuses(inRule('egressDeny'), {
  'toFQDNs: [{matchName: a}]':
    'spec.egressDeny[0].toFQDNs is not a known field, expected toEndpoints, toNodes, toEntities, toCIDR, toCIDRSet, toGroups, toServices, toPorts, icmps, toRequires',
});

refuses(compileCiliumCidrGroup, {
  '': 'spec is missing, not an object',
  'spec: {externalCIDRs: 10.0.0.0/8}': 'spec.externalCIDRs is "10.0.0.0/8", not a list',
  'spec: {externalCIDRs: [10.0.0.0/8, a]}': 'spec.externalCIDRs[1] is "a", not a block such as 10.0.0.0/8',
  'spec: {cidrs: []}': 'spec.cidrs is not a known field, expected externalCIDRs',
});

/** Tests that each object, by the YAML of its fields, is refused in these words. */
function refuses(compile: (object: JsonObject) => unknown, objects: Record<string, string>): void {
  for (const [fields, message] of Object.entries(objects)) {
    test(`${fields}: ${message}`, () => {
      const object = objectOf(`{kind: X, apiVersion: v1, metadata: {name: p}, ${fields}}`);
      assert.throws(
        () => compile(object),
        (error) => error instanceof InvalidPolicy && error.message === message,
      );
    });
  }
}

/** Compiles a policy with one rule in the list, by the fields of the rule. */
function inRule(list: string) {
  return ({ kind, apiVersion, metadata, ...rule }: JsonObject) =>
    compileCiliumNetworkPolicy({
      kind,
      apiVersion,
      metadata,
      spec: { endpointSelector: {}, [list]: [rule] },
    });
}
