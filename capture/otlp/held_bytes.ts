import { OverloadError } from './refusals.js';

/** What a request takes of the budget beside its bytes, about. */
const REQUEST_BYTES = 16 * 1024;

/** Memory that all requests under way may take together, whichever protocol they came by. */
export class ByteBudget {
  private held = 0;

  constructor(private readonly most: number) {}

  take(bytes: number): void {
    if (this.held + bytes > this.most) throw new OverloadError('too many requests at a time');
    this.held += bytes;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** What one request holds of the budget, until it is released. */
export class HeldBytes {
  private bytes = 0;

  constructor(private readonly budget: ByteBudget) {}

  /** Call it first: throws OverloadError where there is no room for another request. */
  begin(): void {
    this.take(REQUEST_BYTES);
  }

  /** Takes more; throws OverloadError where there is no more. */
  take(bytes: number): void {
    this.budget.take(bytes);
    this.bytes += bytes;
  }

  release(): void {
    this.budget.give(this.bytes);
    this.bytes = 0;
  }
}
