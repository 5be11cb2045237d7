import type { JsonObject } from '../../src/kubernetes/json.js';
import { kindName, type WatchedKind } from '../../src/kubernetes/kinds.js';
import {
  type KnownObject,
  listMark,
  type Observed,
  observe,
  vanishedRow,
} from '../../src/kubernetes/observation.js';
import { keyOf, knownOf } from './known_object.js';
import type { WatchContext } from './watch_context.js';

/** Tells every version of a kind's objects once. Keeps of each object its name and version only. */
export class ToldObjects {
  private readonly known = new Map<string, KnownObject>();

  /** @param apiVersion the group and version in which the kind is watched; it may change */
  constructor(
    private readonly kind: WatchedKind,
    public apiVersion: string,
    private readonly context: Pick<WatchContext, 'trim' | 'onObservation' | 'onGap'>,
  ) {}

  /** Tells all anew from now on. */
  forget(): void {
    this.known.clear();
  }

  /** An object of a list; returns by what it is told apart. */
  listed(object: JsonObject, time: bigint): string {
    this.take(object, 'listed', time);
    return keyOf(object);
  }

  /** A version that the watch gives. */
  changed(object: JsonObject, time: bigint): void {
    this.take(object, this.known.has(keyOf(object)) ? 'modified' : 'added', time);
  }

  deleted(object: JsonObject, time: bigint): void {
    this.known.delete(keyOf(object));
    this.give(object, 'deleted', time);
  }

  /** What is known and was not listed has vanished. */
  vanished(listed: ReadonlySet<string>, time: bigint): void {
    for (const [key, known] of this.known) {
      if (listed.has(key)) continue;
      this.known.delete(key);
      this.context.onObservation(vanishedRow(this.kind.kind, this.apiVersion, known, time));
    }
  }

  /** The mark of a complete list of that version. */
  marked(observed: 'listed' | 'relisted', resourceVersion: string | null, time: bigint): void {
    this.context.onObservation(listMark(this.kind.kind, this.apiVersion, resourceVersion, time, observed));
  }

  /** Gives a version on, unless it is the one already known. */
  private take(object: JsonObject, observed: Observed, time: bigint): void {
    const key = keyOf(object);
    const known = knownOf(object);
    if (this.known.get(key)?.resource_version === known.resource_version) return;
    // Without a name it is no object of the cluster: only the loss of it is told.
    if (known.name !== null) this.known.set(key, known);
    this.give(object, observed, time);
  }

  private give(object: JsonObject, observed: Observed, time: bigint): void {
    const whole = { apiVersion: this.apiVersion, kind: this.kind.kind, ...object };
    const observation = observe(whole, observed, time, this.context.trim);
    if ('row' in observation) this.context.onObservation(observation.row);
    if ('problem' in observation) {
      this.context.onGap({
        kind: kindName(this.kind.apiVersion, this.kind.kind),
        since: time,
        until: time,
        reason: `unreadable object: ${observation.problem}`,
      });
    }
  }
}
