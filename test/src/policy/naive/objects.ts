import type {
  CalicoGlobalNetworkPolicy,
  CalicoGlobalNetworkSet,
  CalicoNetworkPolicy,
  CalicoNetworkSet,
  CalicoStagedPolicy,
  CalicoTier,
} from './calico_objects.js';
import type {
  CiliumCIDRGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
} from './cilium_objects.js';
import type {
  AdminNetworkPolicy,
  BaselineAdminNetworkPolicy,
  ClusterNetworkPolicy,
  NetworkPolicy,
} from './kubernetes_objects.js';
import type { Labels, Named, Namespaced } from './metadata.js';

/** Kubernetes objects as the API serves them, as far as the generator makes them. */

export interface Namespace extends Named {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
}

export interface Node extends Named {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
}

export interface ServiceAccount extends Namespaced {
  readonly apiVersion: 'v1';
  readonly kind: 'ServiceAccount';
}

export interface Pod extends Namespaced {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly spec: {
    readonly nodeName: string;
    readonly hostNetwork?: boolean;
    readonly serviceAccountName: string;
    readonly containers: readonly {
      readonly name: string;
      readonly ports?: readonly {
        readonly name?: string;
        readonly containerPort: number;
        readonly protocol?: string;
      }[];
    }[];
  };
  readonly status: { readonly phase: string; readonly podIPs: readonly { readonly ip: string }[] };
}

interface Service extends Namespaced {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly spec: {
    readonly clusterIP: string;
    readonly selector?: Labels;
    readonly ports: readonly {
      readonly port: number;
      readonly targetPort: number;
      readonly protocol: string;
    }[];
  };
}

export interface EndpointSlice extends Namespaced {
  readonly apiVersion: 'discovery.k8s.io/v1';
  readonly kind: 'EndpointSlice';
  readonly addressType: 'IPv4' | 'IPv6';
  readonly endpoints: readonly { readonly addresses: readonly string[] }[];
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
}

export type KubernetesObject =
  | Namespace
  | Node
  | ServiceAccount
  | Pod
  | Service
  | EndpointSlice
  | NetworkPolicy
  | AdminNetworkPolicy
  | BaselineAdminNetworkPolicy
  | ClusterNetworkPolicy
  | CiliumNetworkPolicy
  | CiliumClusterwideNetworkPolicy
  | CiliumCIDRGroup
  | CalicoNetworkPolicy
  | CalicoGlobalNetworkPolicy
  | CalicoStagedPolicy
  | CalicoTier
  | CalicoNetworkSet
  | CalicoGlobalNetworkSet;
