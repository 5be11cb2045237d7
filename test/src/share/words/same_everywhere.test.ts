import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isId } from '../../../../src/share/words/ids.js';
import { isPublishedWord } from '../../../../src/share/words/published/published.js';
import { unmasked, wordsOf } from './tiny_words.js';

const PART = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/),
  fc.constantFrom('payment', 'cart', 'api', 'v1', 'app', 'x', 'kube', 'system', '0', '12', '5895648'),
);
/** Names of objects: parts with hyphens between. */
const LABEL = fc.array(PART, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('-'));
const SEPARATOR = fc.constantFrom('.', '/', '_', '-', ':', ' ', '@');
/** Names of any shape. */
const NAME = fc
  .array(fc.tuple(fc.oneof(LABEL, fc.string({ unit: 'grapheme', maxLength: 6 })), SEPARATOR), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.flat().slice(0, -1).join(''));
const NAMES = fc.uniqueArray(fc.oneof(LABEL, NAME), { minLength: 1, maxLength: 40 });

test('a name has one pseudonym in names, texts, URLs, operations and statements', () => {
  let compared = 0;
  fc.assert(
    fc.property(fc.uniqueArray(LABEL, { minLength: 1, maxLength: 20 }), (names) => {
      const { words } = wordsOf(names);
      for (const name of names) {
        const pseudonym = words.name(name);
        assert.equal(words.operation(name), pseudonym);
        assert.equal(words.url(`/${name}/`), `/${pseudonym}/`);
        assert.equal(words.url(`http://${name}:80/`), `http://${pseudonym}:80/`);
        if (!isPublishedWord(name)) assert.equal(words.statement(`"${name}"`), `"${pseudonym}"`);
        if (name.length >= 3) assert.equal(words.text(`no ${name}, sorry`), `no ${pseudonym}, sorry`);
        compared++;
      }
    }),
  );
  assert.ok(compared > 500);
});

test('names are told apart, and each word turns back into its name', () => {
  fc.assert(
    fc.property(NAMES, NAMES, (known, others) => {
      const { words, notes } = wordsOf(known);
      const originals = new Map<string, string>();
      for (const name of [...known, ...others]) {
        const pseudonym = words.name(name);
        assert.equal(originals.get(pseudonym) ?? name, name);
        originals.set(pseudonym, name);
        if (!/[\d:]/.test(name)) assert.equal(unmasked(pseudonym, notes), name);
      }
    }),
    { numRuns: 300 },
  );
});

test('nothing of a name stays but what is published', () => {
  fc.assert(
    fc.property(NAMES, (names) => {
      const { words } = wordsOf(names);
      for (const name of names) {
        const stayed = words.name(name).replace(/(?:[bcdfghjklmnpqrstvwxz][aeiou]){8}|kube-system/g, ' ');
        for (const run of stayed.match(/[a-z0-9-]+/gi) ?? []) {
          // Another IPv6 address has other digits.
          const number = name.includes(':') ? /^[0-9a-f]{1,4}$/ : /^\d{1,5}$/;
          const isNone = run
            .split('-')
            .every((part) => part === '' || isPublishedWord(part) || number.test(part));
          assert.ok(isNone || isPublishedWord(run) || isId(run), `${run} of ${name}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a valid DNS-1123 label or subdomain stays one, and none grows too long', () => {
  const long = fc
    .array(PART, { minLength: 1, maxLength: 8 })
    .map((parts) => parts.join('-').slice(0, 63).replace(/-$/, ''));
  const subdomain = fc.array(long, { minLength: 1, maxLength: 6 }).map((labels) =>
    labels
      .join('.')
      .slice(0, 253)
      .replace(/[-.]+$/, ''),
  );
  let tooLong = 0;
  fc.assert(
    fc.property(fc.uniqueArray(long, { maxLength: 30 }), subdomain, (names, host) => {
      const { words } = wordsOf([...names, ...names.flatMap((name) => name.split('-'))]);
      for (const name of names) {
        assert.match(words.name(name), /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        if (/^[a-z]{16}$/.test(words.name(name)) && name.length > 30) tooLong++;
      }
      const pseudonym = words.name(host);
      assert.match(pseudonym, /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/);
      assert.ok(pseudonym.length <= 253);
    }),
    { numRuns: 300 },
  );
  assert.ok(tooLong > 50, `${tooLong} would have been too long`);
});

test("a pod's name keeps its workload's", () => {
  const word = fc.stringMatching(/^[a-z]{4,10}$/).filter((text) => !isPublishedWord(text));
  fc.assert(
    fc.property(
      word,
      fc.stringMatching(/^[b-df-hj-np-tv-z2-9]{8,10}$/),
      fc.stringMatching(/^[b-df-hj-np-tv-z]{5}$/),
      (deployment, hash, end) => {
        const replicaSet = `${deployment}-${hash}`;
        const pod = `${replicaSet}-${end}`;
        const { words } = wordsOf([pod, deployment, replicaSet, hash]);
        assert.equal(words.name(replicaSet), `${words.name(deployment)}-${words.name(hash)}`);
        assert.equal(words.name(pod), `${words.name(replicaSet)}-${words.name(end)}`);
        assert.equal(
          words.name(`${pod}.${deployment}.svc`),
          `${words.name(pod)}.${words.name(deployment)}.svc`,
        );
      },
    ),
  );
});

test('the order of names and of questions does not matter', () => {
  fc.assert(
    fc.property(NAMES, (names) => {
      const [there, back] = [wordsOf(names).words, wordsOf([...names].reverse()).words];
      const forward = names.map((name) => there.name(name));
      assert.deepEqual(
        [...names].reverse().map((name) => back.name(name)),
        forward.reverse(),
      );
    }),
  );
});

test('no known name is left in a text as a word, in whatever case, nor in camelCase', () => {
  const known = fc.uniqueArray(LABEL, { minLength: 1, maxLength: 12 });
  const cases = [
    (name: string) => name,
    (name: string) => name.toUpperCase(),
    (name: string) => name.charAt(0).toUpperCase() + name.slice(1),
  ];
  const ways = [...cases, (name: string) => `get${name.charAt(0).toUpperCase()}${name.slice(1)}ById`];
  const piece = fc.tuple(
    fc.nat(11),
    fc.constantFrom(...ways),
    fc.constantFrom(' ', ', ', '=', '/', '_', '-', '\n', '🍕', '失', '”'),
  );
  let sought = 0;
  fc.assert(
    fc.property(known, fc.array(piece, { maxLength: 8 }), (names, pieces) => {
      const { words } = wordsOf(names);
      const text = pieces.map(([i, write, after]) => write(names[i % names.length] ?? '') + after).join('');
      const rewritten = words.text(text);
      for (const name of names) {
        // Not what is published as a whole, in one of the cases: `app-v1`, `APP-A`.
        if (name.length < 3 || cases.some((write) => words.name(write(name)) === write(name))) continue;
        const capital = name.charAt(0).toUpperCase() + name.slice(1);
        assert.doesNotMatch(rewritten, new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, 'i'), text);
        assert.ok(!rewritten.includes(`get${capital}ById`), text);
        sought++;
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(sought > 1000, `${sought} were looked for`);
});
