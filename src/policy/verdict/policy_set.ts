import type { Endpoint, Pod } from '../cluster/endpoint.js';
import type { CompiledPolicy, Direction } from '../rules/policy.js';
import { AddressParts } from './address_parts.js';

/** Numbers of pods: its own, from one, and one that it shares with those of its namespace that have its labels and ports. */
export class PodNumbers {
  private readonly known = new Map<Pod, { readonly own: number; readonly shared: number }>();
  private readonly shared = new Map<string, number>();

  of(pod: Pod): { readonly own: number; readonly shared: number } {
    const known = this.known.get(pod);
    if (known !== undefined) return known;
    const key = `${pod.namespace} ${JSON.stringify([pod.labels, pod.ports])}`;
    const shared = this.shared.get(key) ?? this.shared.size + 1;
    this.shared.set(key, shared);
    const numbers = { own: this.known.size + 1, shared };
    this.known.set(pod, numbers);
    return numbers;
  }
}

/** The policies that may select a pod of one namespace in one direction, and which ends are all the same to them. */
export class PolicySet {
  /** Whether connections of one protocol and destination port differ to them in nothing but their ends. */
  readonly isByEnds: boolean;
  private readonly isByPods: boolean;
  private readonly parts: AddressParts;

  constructor(
    readonly policies: readonly CompiledPolicy[],
    direction: Direction,
    private readonly pods: PodNumbers,
  ) {
    const clauses = policies.flatMap(({ sections }) =>
      (sections[direction]?.rules ?? []).flatMap((rule) => rule.clauses),
    );
    const blocks = clauses.flatMap(({ likeness }) => (Array.isArray(likeness) ? likeness : []));
    this.isByEnds = clauses.every(({ likeness }) => likeness !== undefined);
    this.isByPods =
      clauses.some(({ likeness }) => likeness === 'pod') ||
      policies.some(({ selects }) => selects.likeness === undefined);
    this.parts = new AddressParts(blocks);
  }

  /** A number that an end has in common with all that are the same to them; undefined where that is not sure of any. */
  numberOf(end: Endpoint): number | undefined {
    if (end.kind === 'external') return this.isByPods ? undefined : this.parts.partOf(end.ip);
    return end.kind === 'pod' ? this.numberOfPod(end) : undefined;
  }

  numberOfPod({ pod, ip }: { readonly pod: Pod; readonly ip: Uint8Array | undefined }): number {
    const { own, shared } = this.pods.of(pod);
    return (this.isByPods ? own : shared) * this.parts.count + this.parts.partOf(ip);
  }
}
