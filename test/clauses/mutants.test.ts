import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutantsOf, withMutants } from './mutants.js';

/** The source with each of its mutants, and what was done. */
function each(source: string): [string, string][] {
  return mutantsOf(source).map(({ start, end, text, what }) => [
    what,
    source.slice(0, start) + (text ?? '...[]') + source.slice(end),
  ]);
}

test('every clause is taken away', () => {
  assert.deepEqual(each('if (a) b();'), [
    ['the condition never holds', 'if (false) b();'],
    ['the condition always holds', 'if (true) b();'],
    ['without the call', 'if (a) undefined;'],
  ]);
  assert.deepEqual(each('x = a && !b;'), [
    ['without what follows &&', 'x = (a);'],
    ['without what precedes &&', 'x = (!b);'],
    ['without !', 'x = a && (b);'],
  ]);
  assert.deepEqual(each('x = a < 1 ? b ?? c : d;'), [
    ['the condition always holds', 'x = (b ?? c);'],
    ['the condition never holds', 'x = (d);'],
    ['< is <=', 'x = (a) <= (1) ? b ?? c : d;'],
    ['without what follows ??', 'x = a < 1 ? (b) : d;'],
  ]);
  assert.deepEqual(each('switch (a) { case 1: default: }'), [
    ['without the case', 'switch (a) { case NaN: default: }'],
  ]);
  assert.deepEqual(each('x = [1, 2];'), [
    ['without the item', 'x = [...[], 2];'],
    ['without the item', 'x = [1, ...[]];'],
  ]);
});

test('what no program can do without stays: super, the only item', () => {
  assert.deepEqual(each('class A extends B { constructor() { super(); } }'), []);
  assert.deepEqual(each('x = [1];'), []);
});

test('all mutants are in one program, each counting when it is told to', () => {
  const source = '(a, b) => [a && b, ...(a ? [b] : [])]';
  const mutants = mutantsOf(source);
  const results = [undefined, ...mutants.keys()].map((number) => {
    const isTakenAway = (one: number) => one === number;
    const make = new Function('isTakenAway', `return ${withMutants(source, mutants, 0)}`);
    return make(isTakenAway)(1, 0);
  });
  assert.deepEqual(results, [[0, 0], [0], [1, 0], [0, 0], [0], [0, 0], [0]]);
});
