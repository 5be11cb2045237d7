import type { Direction } from '../rules/policy.js';
import type { Verdict } from '../verdict/verdict.js';
import type { SeenBy } from './dropped_packet.js';
import type { Grade } from './grade.js';
import type { Initiator } from './initiator.js';

/**
 * The verdict on a dropped packet's connection: a row of policy_verdicts. Source and destination are those of the
 * connection: a dropped reply is turned round. Names are null where the end is not a known pod.
 */
export interface DropVerdict {
  /** When the packet was dropped, nanoseconds since the epoch. */
  readonly time: bigint;
  readonly reason: string;
  readonly seen_by: SeenBy;
  /** Which end of the packet opened the connection; where unknown, source and destination are the packet's. */
  readonly initiator: Initiator;
  readonly protocol: string;
  readonly source_address: string;
  readonly source_port: number | null;
  readonly source_namespace: string | null;
  readonly source_pod: string | null;
  /** The pod's outermost owner; the pod itself when nothing owns it. */
  readonly source_workload: string | null;
  readonly source_workload_kind: string | null;
  readonly destination_address: string;
  readonly destination_port: number | null;
  readonly destination_namespace: string | null;
  readonly destination_pod: string | null;
  readonly destination_workload: string | null;
  readonly destination_workload_kind: string | null;
  /** Of the connection as a whole, by the policies alone. */
  readonly verdict: Verdict;
  /** The direction that denies or cannot be judged, egress first; null when both allow or it was not a policy. */
  readonly direction: Direction | null;
  readonly grade: Grade;
  /** The policies that decide in that direction; those of other kinds than NetworkPolicy with their kind. */
  readonly policies: readonly string[];
  /** The change that began the denial; else the last change that bears on it; null when none was seen. */
  readonly changed_time: bigint | null;
  /** What was changed, such as `NetworkPolicy shop/payment-ingress`. */
  readonly changed_object: string | null;
  /** The change in words. */
  readonly change: string | null;
  /** Whether the connection was allowed before that change; null when the recording does not tell. */
  readonly allowed_before: boolean | null;
  /** Sentences on policies that could not be judged and may bear on the connection. */
  readonly left_out: readonly string[];
  /** Grade and verdict in one or two sentences, with each policy's nearest rule and the clause that failed. */
  readonly why: string;
}
