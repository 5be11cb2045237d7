/** What of src/policy is left alone, as it is compiled: folders that ask the evaluator and decide nothing. */
const QUESTIONS = 'questions/';

/** What sees these is mostly drawn at random. */
const DRAWN = ['ip.js'];

/** Kept for speed: without most of their clauses the answers are the same, only later. */
const ONLY_FASTER = ['verdict/outcomes.js', 'verdict/policy_set.js'];

/** Clauses without which everything is as before, as they are compiled, and why they stay. */
const SAME_WITHOUT: readonly {
  readonly file: string;
  readonly codes: readonly string[];
  readonly reason: string;
}[] = [
  {
    file: 'kubernetes/label_selector.js',
    codes: ['doubtful === undefined'],
    reason:
      'kept for speed: labels at which nobody fails to look need not be left out to see that they are the same',
  },
  {
    file: 'history/state_at.js',
    codes: [
      'known !== undefined',
      'this.endpoints.set(text, endpoint)',
      "endpoint.kind === 'pod' || endpoint.kind === 'node'",
      'this.found.set(namespace, found)',
      'this.unknownKinds.set(kind, { why })',
    ],
    reason: 'kept for speed: what is looked up again is the same',
  },
  {
    file: 'verdict/tiers.js',
    codes: ['planned.hasRivals ? rivalOf(planned, tier, passage, next) : undefined'],
    reason: 'kept for speed: among the rules of a tier without rivals none is found',
  },
  {
    file: 'verdict/explain.js',
    codes: ['decision.policy.sections[direction]?.rules ?? []'],
    reason: 'for the type checker: what isolates in a direction has a section for it',
  },
  {
    file: 'verdict/address_parts.js',
    codes: ['borders[middle] ?? ip'],
    reason: 'for the type checker: the middle lies among the borders',
  },
  {
    file: 'history/timeline.js',
    codes: ['cached !== undefined', 'this.moments.set(epoch, moment)'],
    reason: 'kept for speed: a state that is made again is the same',
  },
  {
    file: 'drops/drop_judge.js',
    codes: [
      'cached !== undefined',
      'this.cache.set(key, judgement)',
      "this.timeline.dataPlane === 'calico' ? source.port : null",
    ],
    reason: 'kept for speed: a drop that is judged again is judged alike',
  },
  {
    file: 'drops/judge.js',
    codes: ['service === undefined'],
    reason: 'for the type checker: what is no service has no endpoints to lose',
  },
];

/** Whether the clauses of a module below dist/src/policy must be seen by tests. */
export function isTried(file: string): boolean {
  return !file.startsWith(QUESTIONS) && !DRAWN.includes(file) && !ONLY_FASTER.includes(file);
}

/** A clause of a module, as it is compiled, with single blanks. */
interface Code {
  readonly file: string;
  readonly code: string;
}

/** The clauses of these modules that a test must see. Throws for an excuse that nothing there needs. */
export function owed<T extends Code>(clauses: readonly T[], files: ReadonlySet<string>): T[] {
  const excuses = SAME_WITHOUT.flatMap(({ file, codes }) => codes.map((code) => ({ file, code }))).filter(
    ({ file }) => files.has(file),
  );
  const isSame = (a: Code, b: Code) => a.file === b.file && a.code === b.code;
  const stale = excuses.find((excuse) => !clauses.some((clause) => isSame(clause, excuse)));
  if (stale !== undefined) throw new Error(`excused, but not there any more: ${stale.code} in ${stale.file}`);
  return clauses.filter((clause) => !excuses.some((excuse) => isSame(clause, excuse)));
}
