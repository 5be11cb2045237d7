import assert from 'node:assert/strict';
import type { PodEndpoint } from '../../../../src/policy/cluster/endpoint.js';
import { clusterOf, SHOP } from '../cluster.js';

/** A NetworkPolicy of Calico in namespace shop, by the YAML of its spec without braces. */
export function calicoPolicy(name: string, spec: string, apiVersion = 'projectcalico.org/v3'): string {
  return `{kind: NetworkPolicy, apiVersion: ${apiVersion}, metadata: {namespace: shop, name: ${name}}, spec: {${spec}}}`;
}

/** A GlobalNetworkPolicy, by the YAML of its spec without braces. */
export function globalPolicy(name: string, spec: string, apiVersion = 'projectcalico.org/v3'): string {
  return `{kind: GlobalNetworkPolicy, apiVersion: ${apiVersion}, metadata: {name: ${name}}, spec: {${spec}}}`;
}

/** A Calico object of the cluster, by the YAML of its spec without braces. */
export function clusterObject(kind: string, name: string, spec: string, labels = ''): string {
  return `{kind: ${kind}, apiVersion: projectcalico.org/v3, metadata: {name: ${name}, labels: {${labels}}}, spec: {${spec}}}`;
}

/** The shop's pod db as a workload's template stands for it: without an address. */
export function template(): PodEndpoint {
  const pod = clusterOf(SHOP).pod('shop', 'db');
  assert(pod !== undefined);
  return { kind: 'pod', address: '', ip: undefined, pod };
}
