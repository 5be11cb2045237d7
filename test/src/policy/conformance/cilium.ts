/** A CiliumNetworkPolicy of namespace shop, by the YAML of its spec. */
export function cnp(spec: string, name = 'p'): string {
  return `{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {namespace: shop, name: ${name}}, spec: {${spec}}}`;
}

/** A CiliumClusterwideNetworkPolicy, by the YAML of its spec. */
export function ccnp(spec: string): string {
  return `{kind: CiliumClusterwideNetworkPolicy, apiVersion: cilium.io/v2, metadata: {name: c}, spec: {${spec}}}`;
}

export const DB = 'endpointSelector: {matchLabels: {app: db}}';
export const WEB = 'endpointSelector: {matchLabels: {app: web}}';

/** A policy with this one rule for what comes to shop/db. */
export function toDb(rule: string): string {
  return cnp(`${DB}, ingress: [{${rule}}]`);
}

/** A policy with this one rule for what leaves shop/web. */
export function fromWeb(rule: string): string {
  return cnp(`${WEB}, egress: [{${rule}}]`);
}

/** A node by its name, address and labels. */
export function node(name: string, address: string, labels: string): string {
  return `{kind: Node, apiVersion: v1, metadata: {name: ${name}, labels: {${labels}}}, status: {addresses: [{type: InternalIP, address: "${address}"}]}}`;
}

/** A CiliumCIDRGroup by its name, blocks and labels. */
export function group(name: string, cidrs: string, labels = '', version = 'v2'): string {
  return `{kind: CiliumCIDRGroup, apiVersion: cilium.io/${version}, metadata: {name: ${name}, labels: {${labels}}}, spec: {externalCIDRs: [${cidrs}]}}`;
}

/** A service at 10.96.0.9 on port 443 and where it leads. */
export function service(name: string, addresses: string): string {
  const [namespace, plain] = name.split('/');
  return `
{kind: Service, apiVersion: v1, metadata: {namespace: ${namespace}, name: ${plain}}, spec: {clusterIP: 10.96.0.9, ports: [{port: 443}]}}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: ${namespace}, name: ${plain}-1, labels: {kubernetes.io/service-name: ${plain}}}, addressType: IPv4, ports: [{port: 6443}], endpoints: [{addresses: [${addresses}]}]}`;
}
