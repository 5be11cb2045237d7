import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/kubernetes/manifests.js';

/** What is read: `0 Pod a` for each object, `1! problem` for each document that cannot be read. */
function read(text: string): string[] {
  return [...readManifests(text)].map((entry) => {
    if ('problem' in entry) return `${entry.document}! ${entry.problem}`;
    const { kind, metadata } = entry.object;
    return `${entry.document} ${kind} ${(metadata as { name?: string } | undefined)?.name}`;
  });
}

test('several documents; empty ones count but give nothing', () => {
  assert.deepEqual(
    read(
      '# a comment\n---\nkind: Pod\nmetadata: {name: a}\n---\n---\n{kind: Service, metadata: {name: b}}\n',
    ),
    ['0 Pod a', '2 Service b'],
  );
  assert.deepEqual(read(''), []);
});

test('lists are opened; a PodList gives its items their kind', () => {
  assert.deepEqual(
    read(
      'kind: List\nitems: [{kind: Pod, metadata: {name: a}}, {kind: List, items: [{kind: Job, metadata: {name: b}}]}]',
    ),
    ['0 Pod a', '0 Job b'],
  );
  const [entry] = readManifests('{kind: PodList, apiVersion: v1, items: [{metadata: {name: a}}]}');
  assert.deepEqual(entry, {
    document: 0,
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
  });
});

const pod = (name: string) => ({ kind: 'Pod', metadata: { name } });

test('JSON, JSON lines and objects printed one after the other', () => {
  assert.deepEqual(read(JSON.stringify(pod('a'), null, 4)), ['0 Pod a']);
  assert.deepEqual(read(`${JSON.stringify(pod('a'))}\n${JSON.stringify(pod('b'))}\n`), [
    '0 Pod a',
    '1 Pod b',
  ]);
  assert.deepEqual(read(`${JSON.stringify(pod('a'), null, 4)}\n${JSON.stringify(pod('b'), null, 4)}\n`), [
    '0 Pod a',
    '1 Pod b',
  ]);
});

test('a document that cannot be read does not keep the others from being read', () => {
  const [first, second, third] = read(
    'kind: Pod\nmetadata: {name: a}\n---\na: [1\n---\nkind: Pod\nmetadata: {name: c}',
  );
  assert.equal(first, '0 Pod a');
  assert.match(second ?? '', /^1! Flow sequence .* at line \d+, column \d+$/);
  assert.equal(third, '2 Pod c');
  assert.match(read('{"kind": "Pod"')[0] ?? '', /^0! .*JSON/);
});

test('what is no object is named', () => {
  assert.deepEqual(read('just a sentence\n---\n- a\n- b'), [
    '0! expected a Kubernetes object, found the string "just a sentence"',
    '1! expected a Kubernetes object, found a list',
  ]);
});

test('aliases that would grow without bound are refused', () => {
  const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`);
  assert.match(read(`a0: &a0 [x]\n${levels.join('\n')}`)[0] ?? '', /^0! Excessive alias count/);
});

test('JSON that goes on with YAML after a line of ---, and YAML with JSON', () => {
  const json = JSON.stringify(pod('a'));
  assert.deepEqual(
    read(`${json}\n---\nkind: Pod\nmetadata: {name: b}\n---\n${JSON.stringify(pod('c'), null, 4)}\n`),
    ['0 Pod a', '1 Pod b', '2 Pod c'],
  );
});

test('what is nested too deeply to be read is said to be', () => {
  const depth = 20_000;
  const text = `kind: Pod\nmetadata: {name: a, x: ${'['.repeat(depth)}${']'.repeat(depth)}}`;
  assert.deepEqual(read(text), ['0! nested too deeply']);
});
