import type { Clause } from './clause.js';
import type { EndpointSet } from './endpoint_set.js';

export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/**
 * What becomes of a connection that a rule matches. `pass` leaves it to the next tier; `log` decides nothing and the
 * next rule is tried.
 */
export type Action = 'allow' | 'deny' | 'pass' | 'log';

/** A rule holds for a connection when every clause does; without clauses it holds for all. */
export interface Rule {
  readonly action: Action;
  /** Number in its list, from zero. */
  readonly index: number;
  /** How people find it: `ingress rule 0`, `ingressDeny rule 2`, `egress rule 1 "no-metadata"`. */
  readonly label: string;
  readonly clauses: readonly Clause[];
}

/** What a policy says of one direction. */
export interface Section {
  /** Whether a connection that no rule of the tier matches meets the tier's default action. */
  readonly isolates: boolean;
  /** In the order in which they are tried, where that matters in its tier. */
  readonly rules: readonly Rule[];
}

/** A policy ready to be evaluated many times. Policies with several specs become several of these. */
export interface CompiledPolicy {
  readonly kind: string;
  /** Group and version; tells Calico's NetworkPolicy from that of Kubernetes. */
  readonly apiVersion: string;
  /** Null for policies of the cluster. */
  readonly namespace: string | null;
  readonly name: string;
  /** Name of the tier in which it stands: of those built in (tier.ts) or of a Calico Tier. */
  readonly tier: string;
  /** Place in the tier; lower comes first. */
  readonly order: number;
  /**
   * What holds between policies of one place. `union`: their rules are one set, in which a deny outweighs an allow.
   * `by name`: they are tried one after the other. `undefined`: the API leaves open which comes first.
   */
  readonly ties: 'union' | 'by name' | 'undefined';
  /** The pods that it is about. */
  readonly selects: EndpointSet;
  readonly sections: { readonly [D in Direction]: Section | undefined };
}
