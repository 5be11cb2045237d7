import type { Endpoint, Pod } from '../cluster/endpoint.js';
import type { Cluster } from './cluster.js';
import type { CompiledPolicy } from './policy.js';
import type { PolicyProblem } from './problem.js';
import type { Tier } from './tier.js';

/** The cluster at one instant, with its policies: what evaluating a connection asks of it. */
export interface ClusterState extends Cluster {
  /** Who has an address, given as canonical text. */
  endpointAt(address: string): Endpoint;
  /** The pod of that name at this instant. */
  pod(namespace: string, name: string): Pod | undefined;
  /** Policies of a namespace, or with null those of the cluster. */
  policies(namespace: string | null): readonly CompiledPolicy[];
  /** Malformed and unknown policies of a namespace, or with null those of the cluster. */
  problems(namespace: string | null): readonly PolicyProblem[];
  /** Undefined when no tier of that name is known. */
  tier(name: string): Tier | undefined;
  /** Why the policies are not wholly known at this instant; undefined when they are. */
  readonly whyPoliciesUnknown: string | undefined;
}
