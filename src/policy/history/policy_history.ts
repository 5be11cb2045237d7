import type { JsonObject } from '../../kubernetes/json.js';
import type { KubernetesObjectRow } from '../../kubernetes/observation.js';
import { Versions } from '../../kubernetes/versions.js';
import type { AddressGroup } from '../cluster/address_group.js';
import { kindName, type Meaning } from '../policy_kinds.js';
import type { CompiledPolicy } from '../rules/policy.js';
import { InvalidPolicy, type PolicyProblem } from '../rules/problem.js';
import type { Tier } from '../rules/tier.js';
import type { PolicyIdentity } from '../verdict/describe.js';

/** What was made of a version of an object, or what is wrong with it. */
export type Compiled<T> = { readonly value: T } | { readonly problem: PolicyProblem };

/** One object over time. */
export interface OverTime<T> {
  readonly identity: PolicyIdentity;
  readonly versions: Versions<Compiled<T>>;
}

export type PolicyOverTime = OverTime<readonly CompiledPolicy[]>;

/** The policies of a cluster, and what they refer to by name, over time. */
export class PolicyHistory {
  /** By namespace: '' for those of the cluster. */
  private readonly policies = new Map<string, Objects<readonly CompiledPolicy[]>>();
  private readonly tiersByKey = new Objects<Tier>();
  private readonly groupsByKey = new Objects<AddressGroup>();

  /** Takes up a version of an object that is a policy or belongs to one; undefined: it is not there any more. */
  take(row: KubernetesObjectRow, name: string, meaning: Meaning, object: JsonObject | undefined): void {
    const identity = { kind: row.kind, apiVersion: row.api_version, namespace: row.namespace, name };
    if ('policy' in meaning) {
      const policies = this.policies.get(row.namespace ?? '') ?? new Objects();
      this.policies.set(row.namespace ?? '', policies);
      policies.set(row.time, identity, object && compiled(identity, () => meaning.policy(object)));
    } else if ('tier' in meaning) {
      this.tiersByKey.set(row.time, identity, object && compiled(identity, () => meaning.tier(object)));
    } else if ('addresses' in meaning) {
      this.groupsByKey.set(row.time, identity, object && compiled(identity, () => meaning.addresses(object)));
    }
  }

  /** Policies of a namespace, or with null those of the cluster. */
  in(namespace: string | null): readonly PolicyOverTime[] {
    return this.policies.get(namespace ?? '')?.all ?? [];
  }

  get tiers(): readonly OverTime<Tier>[] {
    return this.tiersByKey.all;
  }

  get addressGroups(): readonly OverTime<AddressGroup>[] {
    return this.groupsByKey.all;
  }

  /** Whether any policy was seen whose API group, at any time, fits. */
  hasGroup(fits: RegExp): boolean {
    return [...this.policies.values()].some(({ all }) =>
      all.some(({ identity }) => fits.test(identity.apiVersion)),
    );
  }

  /** Every time at which something here changed. */
  get boundaries(): bigint[] {
    const policies = [...this.policies.values()].flatMap(({ all }) => all);
    return [...policies, ...this.tiers, ...this.addressGroups].flatMap(({ versions }: OverTime<unknown>) =>
      versions.all.map(({ from }) => from),
    );
  }
}

/** Objects over time, by kind, namespace and name. */
class Objects<T> {
  private readonly byKey = new Map<string, OverTime<T>>();

  get all(): readonly OverTime<T>[] {
    return [...this.byKey.values()];
  }

  set(time: bigint, identity: PolicyIdentity, value: Compiled<T> | undefined): void {
    const { kind, apiVersion, namespace, name } = identity;
    const key = `${kindName(apiVersion, kind)} ${namespace ?? ''}/${name}`;
    const object = this.byKey.get(key) ?? { identity, versions: new Versions<Compiled<T>>() };
    this.byKey.set(key, object);
    object.versions.set(time, value);
  }
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
