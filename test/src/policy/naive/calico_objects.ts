import type { Named, Namespaced } from './metadata.js';

export interface EntityRule {
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly selector?: string;
  readonly notSelector?: string;
  readonly namespaceSelector?: string;
  readonly serviceAccounts?: { readonly names?: readonly string[]; readonly selector?: string };
  readonly services?: { readonly name: string; readonly namespace: string };
  readonly ports?: readonly (number | string)[];
  readonly notPorts?: readonly (number | string)[];
}

export interface CalicoRule {
  readonly action: 'Allow' | 'Deny' | 'Pass' | 'Log';
  readonly ipVersion?: 4 | 6;
  readonly protocol?: string | number;
  readonly notProtocol?: string | number;
  readonly icmp?: { readonly type?: number; readonly code?: number };
  readonly notICMP?: { readonly type?: number; readonly code?: number };
  readonly source?: EntityRule;
  readonly destination?: EntityRule;
  readonly http?: { readonly methods: readonly string[] };
}

export interface CalicoSpec {
  readonly tier?: string;
  readonly order?: number;
  readonly selector?: string;
  readonly serviceAccountSelector?: string;
  /** GlobalNetworkPolicy only. */
  readonly namespaceSelector?: string;
  /** GlobalNetworkPolicy only. */
  readonly doNotTrack?: boolean;
  /** GlobalNetworkPolicy only. */
  readonly applyOnForward?: boolean;
  readonly types?: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly CalicoRule[];
  readonly egress?: readonly CalicoRule[];
}

type CalicoVersion = 'projectcalico.org/v3';

export interface CalicoNetworkPolicy extends Namespaced {
  readonly apiVersion: CalicoVersion;
  readonly kind: 'NetworkPolicy';
  readonly spec: CalicoSpec;
}

export interface CalicoGlobalNetworkPolicy extends Named {
  readonly apiVersion: CalicoVersion;
  readonly kind: 'GlobalNetworkPolicy';
  readonly spec: CalicoSpec;
}

export interface CalicoStagedPolicy extends Named {
  readonly apiVersion: CalicoVersion;
  readonly kind: 'StagedGlobalNetworkPolicy';
  readonly spec: CalicoSpec & { readonly stagedAction: 'Set' };
}

export interface CalicoTier extends Named {
  readonly apiVersion: CalicoVersion;
  readonly kind: 'Tier';
  readonly spec: { readonly order?: number; readonly defaultAction?: 'Pass' | 'Deny' };
}

export interface CalicoNetworkSet extends Namespaced {
  readonly apiVersion: CalicoVersion;
  readonly kind: 'NetworkSet';
  readonly spec: { readonly nets: readonly string[] };
}

export interface CalicoGlobalNetworkSet extends Named {
  readonly apiVersion: CalicoVersion;
  readonly kind: 'GlobalNetworkSet';
  readonly spec: { readonly nets: readonly string[] };
}

export type CalicoPolicy = CalicoNetworkPolicy | CalicoGlobalNetworkPolicy;
