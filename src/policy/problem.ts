import { KtapeError } from '../errors.js';

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

/** A malformed policy, for the answer. */
export interface PolicyProblem {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly field: string;
  readonly problem: string;
}
