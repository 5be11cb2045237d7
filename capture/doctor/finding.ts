/** One thing that recording depends on. */
export interface Finding {
  readonly check: string;
  /** `degraded`: it records, but less; `no`: something is not recorded at all. */
  readonly ok: 'yes' | 'no' | 'degraded';
  readonly detail: string;
}

/** Something that recording cannot do without. */
export function needed(check: string, problem: string | undefined, detail: string): Finding {
  return problem === undefined ? { check, ok: 'yes', detail } : { check, ok: 'no', detail: problem };
}

/** Something without which recording gives less. */
export function wanted(check: string, problem: string | undefined, detail: string): Finding {
  return problem === undefined ? { check, ok: 'yes', detail } : { check, ok: 'degraded', detail: problem };
}
