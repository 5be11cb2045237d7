import { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import type { CompiledPolicy } from '../../rules/policy.js';
import { isSamePolicy } from '../../rules/policy_identity.js';

/** The cluster at one time as it would be with some policies added, or in the place of those of the same name. */
export class ChangedState extends StateAt {
  constructor(
    timeline: ClusterTimeline,
    time: bigint,
    private readonly changed: readonly CompiledPolicy[],
  ) {
    super(timeline.history, time, timeline.dataPlane);
  }

  override policies(namespace: string | null): readonly CompiledPolicy[] {
    return this.withChange(
      super.policies(namespace),
      this.changed.filter((policy) => policy.namespace === namespace),
    );
  }

  override get allPolicies(): readonly CompiledPolicy[] {
    return this.withChange(super.allPolicies, this.changed);
  }

  private withChange(
    policies: readonly CompiledPolicy[],
    changed: readonly CompiledPolicy[],
  ): readonly CompiledPolicy[] {
    return [...policies.filter((one) => !changed.some((other) => isSamePolicy(one, other))), ...changed];
  }
}
