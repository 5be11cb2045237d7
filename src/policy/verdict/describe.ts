import type { Action, CompiledPolicy, Direction, Rule } from '../rules/policy.js';
import { isNetworkPolicy, type PolicyIdentity } from '../rules/policy_identity.js';

const NOW: Readonly<Record<Action, string>> = {
  allow: 'allows',
  deny: 'denies',
  pass: 'passes on',
  log: 'logs',
};
const BEFORE: Readonly<Record<Action, string>> = {
  allow: 'allowed',
  deny: 'denied',
  pass: 'passed on',
  log: 'logged',
};

/** `shop/web` for a NetworkPolicy of Kubernetes, with its kind for any other: `AdminNetworkPolicy no-egress`. */
export function policyName(policy: PolicyIdentity): string {
  const { kind, namespace, name } = policy;
  const path = namespace === null ? name : `${namespace}/${name}`;
  if (isNetworkPolicy(policy)) return path;
  return kind === 'NetworkPolicy' ? `Calico NetworkPolicy ${path}` : `${kind} ${path}`;
}

/** What changed from one version of a policy to the next, in words; undefined when nothing that counts did. */
export function describeEdit(
  before: readonly CompiledPolicy[],
  after: readonly CompiledPolicy[],
): string | undefined {
  const edits = before.flatMap((spec, i) => specEdits(spec, after[i]));
  const added = after.slice(before.length).map(() => 'a spec was added');
  return [...edits, ...added].join('; ') || undefined;
}

function specEdits(before: CompiledPolicy, after: CompiledPolicy | undefined): string[] {
  if (after === undefined) return ['a spec was removed'];
  const edits: string[] = [];
  if (before.selects.text !== after.selects.text) {
    edits.push(`it selected ${before.selects.text} and now selects ${after.selects.text}`);
  }
  if (before.tier !== after.tier) edits.push(`it moved from tier ${before.tier} to ${after.tier}`);
  if (before.order !== after.order) edits.push(`its order was ${before.order} and is now ${after.order}`);
  for (const direction of ['ingress', 'egress'] as const)
    edits.push(...sectionEdits(before, after, direction));
  return edits;
}

function sectionEdits(before: CompiledPolicy, after: CompiledPolicy, direction: Direction): string[] {
  const [was, is] = [before.sections[direction], after.sections[direction]];
  const edits: string[] = [];
  if (was?.isolates !== true && is?.isolates === true) edits.push(`it now isolates ${direction}`);
  if (was?.isolates === true && is?.isolates !== true) edits.push(`it no longer isolates ${direction}`);
  return [...edits, ...ruleEdits(was?.rules ?? [], is?.rules ?? [])];
}

/** Rules that stayed are passed over, so that one removed from the middle is not told as changes of all after it. */
function ruleEdits(before: readonly Rule[], after: readonly Rule[]): string[] {
  const stayed = commonRules(before, after);
  const removed = before.filter((rule) => !stayed.has(rule));
  const added = after.filter((rule) => !stayed.has(rule));
  return [
    ...removed.map((was, i) => ruleEdit(was, added[i])),
    ...added.slice(removed.length).map((is) => `${is.label} was added and ${NOW[is.action]} ${whatOf(is)}`),
  ];
}

/** What a rule does: `egress rule 2 allows pods app=web on TCP 80`. */
export function ruleSaid(rule: Rule): string {
  return `${rule.label} ${NOW[rule.action]} ${whatOf(rule)}`;
}

function ruleEdit(was: Rule, is: Rule | undefined): string {
  if (is === undefined) return `${was.label}, which ${BEFORE[was.action]} ${whatOf(was)}, was removed`;
  return `${was.label} ${BEFORE[was.action]} ${whatOf(was)} and now ${NOW[is.action]} ${whatOf(is)}`;
}

/** What a rule is about, in words: `pods app=web on TCP 80`, `everything on TCP 80`. */
function whatOf({ clauses }: Rule): string {
  const [first, ...rest] = clauses;
  if (first === undefined) return 'everything';
  const isPeer = first.preposition === 'from' || first.preposition === 'to';
  const start = isPeer ? first.text : `everything ${first.preposition} ${first.text}`;
  return [start, ...rest.map(({ preposition, text }) => `${preposition} ${text}`)].join(' ');
}

/** The rules of the longest sequence that reads the same in both lists. */
function commonRules(before: readonly Rule[], after: readonly Rule[]): Set<Rule> {
  const none: readonly Rule[] = [];
  // The longest of the rules so far and each start of the other list.
  let cells = after.map((is) => ({ is, common: none }));
  for (const was of before) {
    let [diagonal, left] = [none, none];
    cells = cells.map(({ is, common: above }) => {
      const longer = above.length > left.length ? above : left;
      const isSame = was.action === is.action && whatOf(was) === whatOf(is);
      const common = isSame ? [...diagonal, was, is] : longer;
      [diagonal, left] = [above, common];
      return { is, common };
    });
  }
  return new Set(cells.at(-1)?.common);
}
