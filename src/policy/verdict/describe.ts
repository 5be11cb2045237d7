import type { Action, CompiledPolicy, Direction, Rule } from '../rules/policy.js';

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
export function policyName({ kind, apiVersion, namespace, name }: PolicyIdentity): string {
  const path = namespace === null ? name : `${namespace}/${name}`;
  if (apiVersion.startsWith('networking.k8s.io/')) return path;
  return kind === 'NetworkPolicy' ? `Calico NetworkPolicy ${path}` : `${kind} ${path}`;
}

/** What tells one policy from all others. */
export type PolicyIdentity = Pick<CompiledPolicy, 'kind' | 'apiVersion' | 'namespace' | 'name'>;

/** What changed from one version of a policy to the next, in words; undefined when nothing that counts did. */
export function describeEdit(
  before: readonly CompiledPolicy[],
  after: readonly CompiledPolicy[],
): string | undefined {
  const edits: string[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++)
    edits.push(...specEdits(before[i], after[i]));
  return edits.length > 0 ? edits.join('; ') : undefined;
}

function specEdits(before: CompiledPolicy | undefined, after: CompiledPolicy | undefined): string[] {
  if (before === undefined) return ['a spec was added'];
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
  const removed = before.filter((rule) => !stayed.before.has(rule));
  const added = after.filter((rule) => !stayed.after.has(rule));
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, i) =>
    ruleEdit(removed[i], added[i]),
  );
}

function ruleEdit(was: Rule | undefined, is: Rule | undefined): string {
  if (was === undefined)
    return is === undefined ? '' : `${is.label} was added and ${NOW[is.action]} ${whatOf(is)}`;
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

/** The longest sequence of rules that read the same in both lists. */
function commonRules(before: readonly Rule[], after: readonly Rule[]) {
  const [was, is] = [before, after].map((rules) => rules.map((rule) => `${rule.action} ${whatOf(rule)}`));
  const lengths = before.map(() => after.map(() => 0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = was?.[i] === is?.[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const stayed = { before: new Set<Rule>(), after: new Set<Rule>() };
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    const [old, now] = [before[i], after[j]];
    if (was?.[i] === is?.[j] && old && now) {
      stayed.before.add(old);
      stayed.after.add(now);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return stayed;
}
