import { type JsonObject, objectAt, textAt } from '../../kubernetes/json.js';
import { kindName } from '../../kubernetes/kinds.js';
import type { KubernetesObjectRow } from '../../kubernetes/observation.js';
import { Versions } from '../../kubernetes/versions.js';
import type { AddressGroup } from '../cluster/address_group.js';
import type { Meaning } from '../policy_kinds.js';
import type { CompiledPolicy } from '../rules/policy.js';
import type { PolicyIdentity } from '../rules/policy_identity.js';
import { InvalidPolicy, type PolicyProblem, problemSaid } from '../rules/problem.js';
import type { Tier } from '../rules/tier.js';

/** What was made of a version of an object, or what is wrong with it. */
export type Compiled<T> = { readonly value: T } | { readonly problem: PolicyProblem };

/** One object over time. */
export interface OverTime<T> {
  readonly identity: PolicyIdentity;
  /** When the API server created it, in milliseconds since the epoch; later than any other where it does not say. */
  readonly created: number;
  readonly versions: Versions<Compiled<T>>;
}

export type PolicyOverTime = OverTime<readonly CompiledPolicy[]>;

/** The policies of a cluster, and what they refer to by name, over time. */
export class PolicyHistory {
  /** By namespace: null for those of the cluster. */
  private readonly policies = new Map<string | null, Objects<readonly CompiledPolicy[]>>();
  private readonly tiersByKey = new Objects<Tier>();
  private readonly groupsByKey = new Objects<AddressGroup>();
  private readonly apiVersions = new Set<string>();

  /** Takes up a version of an object that is a policy or belongs to one; undefined: it is not there any more. */
  take(row: KubernetesObjectRow, name: string, meaning: Meaning, object: JsonObject | undefined): void {
    const identity = { kind: row.kind, apiVersion: row.api_version, namespace: row.namespace, name };
    const seen = { time: row.time, identity, object };
    this.apiVersions.add(row.api_version);
    if ('policy' in meaning) {
      const policies = this.policies.get(row.namespace) ?? new Objects();
      this.policies.set(row.namespace, policies);
      policies.take(seen, meaning.policy);
    } else if ('tier' in meaning) {
      this.tiersByKey.take(seen, meaning.tier);
    } else if ('addresses' in meaning) {
      this.groupsByKey.take(seen, meaning.addresses);
    }
  }

  /** Policies of a namespace, or with null those of the cluster. */
  in(namespace: string | null): readonly PolicyOverTime[] {
    return this.policies.get(namespace)?.all ?? [];
  }

  get all(): readonly PolicyOverTime[] {
    return [...this.policies.values()].flatMap(({ all }) => all);
  }

  /** What is wrong with objects of these kinds at any time, each problem once. */
  get problems(): readonly PolicyProblem[] {
    const objects: readonly OverTime<unknown>[] = [...this.all, ...this.tiers, ...this.addressGroups];
    const problems = objects.flatMap(({ versions }) =>
      versions.all.flatMap(({ value }) => (value !== undefined && 'problem' in value ? value.problem : [])),
    );
    return [...new Map(problems.map((problem) => [problemSaid(problem), problem])).values()];
  }

  get tiers(): readonly OverTime<Tier>[] {
    return this.tiersByKey.all;
  }

  get addressGroups(): readonly OverTime<AddressGroup>[] {
    return this.groupsByKey.all;
  }

  /** Whether objects of such a group and version were seen at any time, also such as are not in force. */
  hasGroup(fits: RegExp): boolean {
    return [...this.apiVersions].some((apiVersion) => fits.test(apiVersion));
  }

  /** Every time at which something here changed. */
  get boundaries(): bigint[] {
    return [...this.all, ...this.tiers, ...this.addressGroups].flatMap(({ versions }: OverTime<unknown>) =>
      versions.all.map(({ from }) => from),
    );
  }
}

/** An object, or that it is not there any more, as of a time. */
interface Seen {
  readonly time: bigint;
  readonly identity: PolicyIdentity;
  readonly object: JsonObject | undefined;
}

/** Objects over time, by kind, namespace and name. */
class Objects<T> {
  private readonly byKey = new Map<string, OverTime<T>>();
  private ordered: readonly OverTime<T>[] | undefined;

  /** The oldest first, else as they were recorded: an order that stays when a shared tape gives them other names. */
  get all(): readonly OverTime<T>[] {
    // Of two that do not say it is the difference NaN, which to sort means that neither comes first.
    this.ordered ??= [...this.byKey.values()].sort((a, b) => a.created - b.created);
    return this.ordered;
  }

  take(seen: Seen, compile: (object: JsonObject) => T): void {
    const { time, identity, object } = seen;
    const { kind, apiVersion, namespace, name } = identity;
    const key = `${kindName(apiVersion, kind)} ${namespace}/${name}`;
    const { versions } = this.byKey.get(key) ?? this.added(key, seen);
    versions.set(time, object && compiled(identity, () => compile(object)));
  }

  private added(key: string, { identity, object }: Seen): OverTime<T> {
    const added = { identity, created: createdAt(object), versions: new Versions<Compiled<T>>() };
    this.byKey.set(key, added);
    this.ordered = undefined;
    return added;
  }
}

function createdAt(object: JsonObject | undefined): number {
  // Where there is none its text is no time either.
  const time = Date.parse(String(textAt(objectAt(object, 'metadata'), 'creationTimestamp')));
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

function compiled<T>({ kind, namespace, name }: PolicyIdentity, compile: () => T): Compiled<T> {
  try {
    return { value: compile() };
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    const { field, problem } = error;
    return { problem: { kind, namespace, name, field, problem } };
  }
}
