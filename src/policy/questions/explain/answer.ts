import type { Direction } from '../../rules/policy.js';
import { ruleSaid } from '../../verdict/describe.js';
import type { Evaluator } from '../../verdict/evaluator.js';
import type { Explained } from '../../verdict/explain.js';
import type {
  ConnectionVerdict,
  Decision,
  DirectionVerdict,
  Effect,
  Verdict,
} from '../../verdict/verdict.js';
import type { Pair } from './pairs.js';

/** One policy's part in an answer. */
export interface PolicyPart {
  readonly kind: string;
  /** Null for policies of the cluster. */
  readonly namespace: string | null;
  readonly name: string;
  readonly effect: Effect;
  /** Number, in its list, of the rule that decides, or of the nearest that does not match; null where there is none. */
  readonly rule: number | null;
  /** As a clause. */
  readonly why: string;
}

export interface DirectionAnswer {
  readonly verdict: Verdict;
  /** Those that decide it: the ones that passed it on first, the nearest of those that isolate the pod before others. */
  readonly policies: readonly PolicyPart[];
  /** As a clause, where no policy decides. */
  readonly why?: string;
}

/** A direction's answer that is given as the same object whenever it is the same. */
export class SharedAnswer implements DirectionAnswer {
  readonly verdict: Verdict;
  readonly policies: readonly PolicyPart[];
  readonly why?: string;
  #json: string | undefined;

  constructor({ verdict, policies, why }: DirectionAnswer) {
    this.verdict = verdict;
    this.policies = policies;
    if (why !== undefined) this.why = why;
  }

  /** As JSON, made once. */
  get json(): string {
    this.#json ??= JSON.stringify(this);
    return this.#json;
  }
}

/** What is told of an asked connection, as it is written in JSON. */
export interface Answer {
  readonly verdict: Verdict;
  readonly egress: DirectionAnswer;
  readonly ingress: DirectionAnswer;
}

const OF_NO_FAMILY = {
  verdict: 'unknown',
  policies: [],
  why: 'the two ends have no addresses of one family',
} as const;
const NOWHERE: Answer = { verdict: 'unknown', egress: OF_NO_FAMILY, ingress: OF_NO_FAMILY };

/** Directions kept: many more than there are rules in most clusters. */
const KEPT = 100_000;

/** Ends that are listed where they are judged differently. */
const LISTED = 4;

/** Answers by one evaluator. */
export class Answers {
  /** Directions of which no more is to be said than why, or which rule, whatever the connection. */
  private readonly shared = new Map<Decision | string, SharedAnswer>();

  constructor(private readonly evaluator: Evaluator) {}

  /**
   * The verdict that holds for every pair. Where they differ it is unknown, and says for which: a name stands for all
   * its pods, and to show the verdict on one of them would be to guess.
   */
  of(pairs: readonly Pair[]): Answer {
    const [first] = pairs;
    if (first === undefined) return NOWHERE;
    if (pairs.length === 1) {
      const { verdict, egress, ingress } = this.evaluator.evaluate(first.connection);
      return { verdict, egress: this.part(egress), ingress: this.part(ingress) };
    }
    const judged = pairs.map((pair) => ({ pair, evaluation: this.evaluator.evaluate(pair.connection) }));
    return {
      verdict: common(judged.map(({ evaluation }) => evaluation.verdict)),
      egress: this.whole(judged, 'egress'),
      ingress: this.whole(judged, 'ingress'),
    };
  }

  /** One pair's direction; the same object for the same answer where it does not depend on the connection. */
  private part(direction: DirectionVerdict): DirectionAnswer {
    const { verdict, decisions, otherwise } = direction;
    const [only] = decisions;
    const isByRule = decisions.length === 1 && only?.rule !== undefined && only.effect !== 'unknown';
    const key = otherwise ?? (isByRule ? only : undefined);
    const known = key === undefined ? undefined : this.shared.get(key);
    if (known?.verdict === verdict) return known;
    const policies = this.evaluator.explain(direction).map(partOf);
    const answer = otherwise === undefined ? { verdict, policies } : { verdict, policies, why: otherwise };
    if (key === undefined || this.shared.size >= KEPT) return answer;
    const shared = new SharedAnswer(answer);
    this.shared.set(key, shared);
    return shared;
  }

  /** A direction of all pairs: each policy once. */
  private whole(judged: readonly Judged[], direction: Direction): DirectionAnswer {
    const answers = judged.map(({ evaluation }) => this.part(evaluation[direction]));
    const [verdict, ...others] = new Set(answers.map((answer) => answer.verdict));
    if (verdict === undefined || others.length > 0) {
      return { verdict: 'unknown', policies: [], why: whoDiffers(judged, direction) };
    }
    const parts = new Map<string, PolicyPart>();
    for (const part of answers.flatMap(({ policies }) => policies)) {
      const key = `${part.effect} ${part.kind} ${part.namespace}/${part.name}`;
      if (!parts.has(key)) parts.set(key, part);
    }
    const why = answers.find((answer) => answer.why !== undefined)?.why;
    return why === undefined || parts.size > 0
      ? { verdict, policies: [...parts.values()] }
      : { verdict, policies: [], why };
  }
}

function partOf({ policy: { kind, namespace, name }, effect, rule, why }: Explained): PolicyPart {
  const isByRule = rule !== undefined && effect !== 'isolates' && effect !== 'unknown';
  return { kind, namespace, name, effect, rule: rule?.index ?? null, why: isByRule ? ruleSaid(rule) : why };
}

interface Judged {
  readonly pair: Pair;
  readonly evaluation: ConnectionVerdict;
}

/** `it depends: denied for shop/web-0; allowed for shop/web-1, shop/web-2`. */
function whoDiffers(judged: readonly Judged[], direction: Direction): string {
  const [sources, destinations] = [
    new Set(judged.map(({ pair }) => pair.from)),
    new Set(judged.map(({ pair }) => pair.to)),
  ];
  const nameOf = ({ from, to }: Pair) =>
    destinations.size === 1 ? from : sources.size === 1 ? to : `${from} to ${to}`;
  const byVerdict = new Map<Verdict, Set<string>>();
  for (const { pair, evaluation } of judged) {
    const { verdict } = evaluation[direction];
    byVerdict.set(verdict, (byVerdict.get(verdict) ?? new Set()).add(nameOf(pair)));
  }
  const said = [...byVerdict].map(([verdict, names]) => `${verdict} for ${listed([...names])}`);
  return `it depends: ${said.join('; ')}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function common(verdicts: readonly Verdict[]): Verdict {
  const [first = 'unknown', ...others] = new Set(verdicts);
  return others.length === 0 ? first : 'unknown';
}
