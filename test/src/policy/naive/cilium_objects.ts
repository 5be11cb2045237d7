import type { LabelSelector, Named, Namespaced } from './metadata.js';

export interface CidrRule {
  readonly cidr?: string;
  readonly except?: readonly string[];
  readonly cidrGroupRef?: string;
  readonly cidrGroupSelector?: LabelSelector;
}

export interface CiliumPorts {
  readonly ports?: readonly {
    readonly port: string;
    readonly endPort?: number;
    readonly protocol?: string;
  }[];
  readonly rules?: Readonly<Record<string, unknown>>;
}

export interface CiliumRule {
  readonly fromEndpoints?: readonly LabelSelector[];
  readonly toEndpoints?: readonly LabelSelector[];
  readonly fromEntities?: readonly string[];
  readonly toEntities?: readonly string[];
  readonly fromCIDR?: readonly string[];
  readonly toCIDR?: readonly string[];
  readonly fromCIDRSet?: readonly CidrRule[];
  readonly toCIDRSet?: readonly CidrRule[];
  readonly fromNodes?: readonly LabelSelector[];
  readonly toNodes?: readonly LabelSelector[];
  readonly toServices?: readonly {
    readonly k8sService: { readonly serviceName: string; readonly namespace: string };
  }[];
  readonly toFQDNs?: readonly { readonly matchName: string }[];
  readonly toPorts?: readonly CiliumPorts[];
  readonly icmps?: readonly {
    readonly fields: readonly { readonly family?: 'IPv4' | 'IPv6'; readonly type: number }[];
  }[];
}

export interface CiliumSpec {
  readonly endpointSelector: LabelSelector;
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly ingress?: readonly CiliumRule[];
  readonly ingressDeny?: readonly CiliumRule[];
  readonly egress?: readonly CiliumRule[];
  readonly egressDeny?: readonly CiliumRule[];
}

export interface CiliumNetworkPolicy extends Namespaced {
  readonly apiVersion: 'cilium.io/v2';
  readonly kind: 'CiliumNetworkPolicy';
  readonly spec?: CiliumSpec;
  readonly specs?: readonly CiliumSpec[];
}

export interface CiliumClusterwideNetworkPolicy extends Named {
  readonly apiVersion: 'cilium.io/v2';
  readonly kind: 'CiliumClusterwideNetworkPolicy';
  readonly spec?: CiliumSpec;
  readonly specs?: readonly CiliumSpec[];
}

export interface CiliumCIDRGroup extends Named {
  readonly apiVersion: 'cilium.io/v2';
  readonly kind: 'CiliumCIDRGroup';
  readonly spec: { readonly externalCIDRs: readonly string[] };
}
