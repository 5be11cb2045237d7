import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../../../../src/kubernetes/json.js';
import { meaningOf } from '../../../../src/policy/policy_kinds.js';
import { InvalidPolicy } from '../../../../src/policy/rules/problem.js';
import { cluster } from '../../policy/naive/generate/cluster.js';
import { unmasked } from '../words/tiny_words.js';
import { redactorOf } from './redacted.js';

const seed = Number(process.env.KTAPE_SHARE_SEED ?? Date.now() % 1_000_000_007);

const wrong = fc.constantFrom<unknown>(
  null,
  true,
  70000,
  -1,
  0.5,
  'two words',
  'Wrong',
  '-wrong-',
  'a.b/c',
  'x'.repeat(70),
  '10.0.0.0/33',
  '10.0.0.5',
  'app == ',
  "app = 'web'",
  'app contains "web',
  [],
  ['wrong'],
  {},
  { wrong: 'wrong' },
  { matchLabels: { app: 'not a value' } },
  { matchLabels: { '-key': 'web' } },
  { matchLabels: { app: 7 } },
);

test(`a malformed policy is refused for the same reason under other names, seed ${seed}`, (t) => {
  const reasons = new Map<string, number>();
  let right = 0;
  const property = fc.property(
    cluster,
    fc.nat(),
    fc.nat(),
    wrong,
    fc.boolean(),
    (objects, which, where, value, inKey) => {
      const policies = objects.filter(({ apiVersion, kind }) => meaningOf(apiVersion, kind) !== undefined);
      const policy: unknown = policies[which % policies.length];
      assert(isJsonObject(policy));
      const broken = JSON.stringify({ ...policy, spec: withWrong(policy.spec, where, value, inKey) });
      const { redactor, notes } = redactorOf([broken, ...objects.map((object) => JSON.stringify(object))]);
      const before = reasonOf(JSON.parse(broken));
      const after = reasonOf(JSON.parse(redactor.redact(broken)));
      assert.equal(
        after && comparable(unmasked(after, notes)),
        before && comparable(before),
        `${broken}\n${after}`,
      );
      if (before === undefined) right++;
      else reasons.set(comparable(before), (reasons.get(comparable(before)) ?? 0) + 1);
    },
  );
  const { failed, errorInstance } = fc.check(property, { seed, numRuns: 300 });
  if (failed) throw errorInstance;
  t.diagnostic(
    `${right} right, ${[...reasons.values()].reduce((a, b) => a + b, 0)} refused, for ${reasons.size} reasons`,
  );
  assert(right > 5 && reasons.size > 100);
});

function reasonOf(object: JsonObject): string | undefined {
  const meaning = meaningOf(String(object.apiVersion), String(object.kind));
  assert(meaning !== undefined);
  try {
    if ('policy' in meaning) meaning.policy(object);
    else if ('tier' in meaning) meaning.tier(object);
    else if ('addresses' in meaning) meaning.addresses(object);
    return undefined;
  } catch (error) {
    assert(error instanceof InvalidPolicy);
    return error.message;
  }
}

/** Without the values that are quoted, which are cut to a length, places in selectors, and what makes names wrong. */
function comparable(reason: string): string {
  return reason
    .replace(/(?<= (?:is|has) )["{[].*?(?=, (?:not|but|which) |: expected |$)/, '…')
    .replace(/(?<= is )\S+(?=, not a part of ).*/, '…')
    .replace(/-(?= is )/, '')
    .replace(/(?<= after label ).*/, '…')
    .replace(/(?<= at character )\d+.*/, '…');
}

/** A copy in which the part of that number is replaced; or the key of it, where it has one. */
function withWrong(spec: unknown, where: number, value: unknown, inKey: boolean): unknown {
  let left = where % countOf(spec);
  const copy = (part: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(part)) return part.map(copy);
    if (!isJsonObject(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, one]) =>
        inKey && left === 0 ? [`${key}x`, copy(one)] : [key, copy(one)],
      ),
    );
  };
  return copy(spec);
}

function countOf(part: unknown): number {
  const parts = Array.isArray(part) ? part : isJsonObject(part) ? Object.values(part) : [];
  return parts.reduce((sum: number, one) => sum + countOf(one), 1);
}
