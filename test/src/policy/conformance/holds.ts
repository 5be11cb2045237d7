import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, clusterOf, policyYaml, SHOP } from '../cluster.js';

export const FREE = 'egress: no policy isolates the source pod';
export const OPEN = 'ingress: no policy isolates the destination pod';
export const OUTSIDE = 'egress: the source is not a pod, so no policy selects it';
export const BY_RULE = 'ingress: shop/p allows: ingress rule 0 allows it';
export const NOTHING = 'ingress: shop/p isolates: it has no ingress rules, so it allows nothing';
export const ABROAD = 'ingress: the destination is not a pod, so no policy selects it';

/** Tests that in the shop with these objects, which are all in order, each question has that answer, word for word. */
export function holds(name: string, objects: readonly string[], answers: Record<string, string>): void {
  test(name, () => {
    const state = clusterOf(SHOP, ...objects);
    assert.deepEqual([...state.problems(null), ...state.problems('shop')], []);
    const questions = Object.keys(answers);
    assert.deepEqual(Object.fromEntries(questions.map((one) => [one, ask(state, one)])), answers);
  });
}

/** The same under one NetworkPolicy `p` of namespace shop, by the YAML of its spec. */
export function holdsUnder(name: string, spec: string, answers: Record<string, string>): void {
  holds(name, [policyYaml('p', spec)], answers);
}
