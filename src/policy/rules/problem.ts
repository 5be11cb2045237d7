import { KtapeError } from '../../errors.js';
import { nameWithKind } from '../../kubernetes/name_with_kind.js';

/** A policy object that the API would refuse: it cannot be in force, and it is named beside the answer. */
export class InvalidPolicy extends KtapeError {
  override readonly name = 'InvalidPolicy';
  constructor(
    /** Path of the field, such as `spec.ingress[0].ports[1].endPort`. */
    readonly field: string,
    readonly problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** A policy that is left out of the answer, for the answer. */
export interface PolicyProblem {
  readonly kind: string;
  /** Null for policies of the cluster. */
  readonly namespace: string | null;
  readonly name: string;
  readonly field: string;
  readonly problem: string;
}

/** A sentence on it. */
export function problemSaid(left: PolicyProblem): string {
  return `${nameWithKind(left.kind, left)} is left out of the answer: ${left.field} ${left.problem}.`;
}
