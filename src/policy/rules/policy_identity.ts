import type { CompiledPolicy } from './policy.js';

/** What tells one policy from all others; its specs share it. */
export type PolicyIdentity = Pick<CompiledPolicy, 'kind' | 'apiVersion' | 'namespace' | 'name'>;

export function isSamePolicy(a: PolicyIdentity, b: PolicyIdentity): boolean {
  return (
    a.name === b.name && a.namespace === b.namespace && a.kind === b.kind && a.apiVersion === b.apiVersion
  );
}

/** Whether it is Kubernetes' own kind of policy. */
export function isNetworkPolicy({ apiVersion }: Pick<PolicyIdentity, 'apiVersion'>): boolean {
  return apiVersion.startsWith('networking.k8s.io/');
}
