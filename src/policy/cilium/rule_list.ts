import type { Direction } from '../rules/policy.js';

/** Where a list of rules stands, and what it is for. */
export interface RuleList {
  readonly action: 'allow' | 'deny';
  readonly direction: Direction;
  /** Of the policy; null for policies of the cluster. */
  readonly namespace: string | null;
  /** Path in the object: `spec.ingressDeny`. */
  readonly where: string;
  /** What stands before the names of its rules: `specs[1] `, or nothing. */
  readonly prefix: string;
}
