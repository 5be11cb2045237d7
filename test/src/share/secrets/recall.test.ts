import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut } from './cut.js';
import { PLANTED } from './planted.js';
import { Random } from './random.js';

const seed = process.env.KTAPE_SECRETS_SEED ?? String(Date.now() % 1_000_000_007);
const EACH = 25;

/** Where applications put what they say. */
const AROUND: Readonly<Record<string, (said: string, random: Random) => string>> = {
  alone: (said) => said,
  sentence: (said, r) => `${r.word()} ${r.word()}: ${said} ${r.word()} ${r.word()}`,
  brackets: (said, r) => `${r.word()} (${said}), ${r.word()}`,
  lines: (said, r) => `${r.word()}\n${said}\n${r.word()}`,
  'escaped lines': (said, r) => `${r.word()}\\n${said}\\n${r.word()}`,
  JSON: (said, r) => JSON.stringify({ level: 'info', message: `${r.word()} ${said}`, n: r.between(1, 9) }),
  'JSON in JSON': (said, r) => JSON.stringify({ body: JSON.stringify({ a: [{ [r.word()]: said }] }) }),
  'JSON three deep': (said) => JSON.stringify(JSON.stringify({ log: JSON.stringify({ said }) })),
  base64: (said, r) => `${r.word()} ${Buffer.from(`${r.word()} ${said} `).toString('base64')} ${r.word()}`,
  'base64 for URLs': (said, r) =>
    `data=${Buffer.from(`{"a": ${said} }`).toString('base64url')}&n=${r.between(1, 9)}`,
  'URL-encoded': (said, r) => `GET /${r.word()}?q=${encodeURIComponent(said)}&n=1 HTTP/1.1`,
  form: (said, r) => `${new URLSearchParams({ [r.word()]: `${r.word()} ${said}` })}`,
  'base64 in a URL': (said) =>
    `/a?state=${encodeURIComponent(Buffer.from(`x ${said} y`).toString('base64'))}`,
  'URL-encoded in base64': (said) => Buffer.from(`a=${encodeURIComponent(`${said} b`)}`).toString('base64'),
};

/** A secret and its escaped forms: none may stand in the text any more. */
const forms = (secret: string) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

/** What is wrong with the text after the cut, or undefined. */
function leak(text: string, secret: string): string | undefined {
  const kept = cut(text);
  if (kept === text) return `nothing found: ${text}`;
  const parts = (secret.match(/[A-Za-z0-9]{8,}/g) ?? []).filter((part) => /\d/.test(part));
  const readable = `${kept}\n${kept.replace(/[\w+/-]{16,}/g, (run) => Buffer.from(run, 'base64').toString())}`;
  const left = [...forms(secret), ...parts].find((part) => readable.includes(part));
  return left === undefined ? undefined : `${left} is left of ${text}\n→ ${kept}`;
}

for (const [name, make] of Object.entries(PLANTED))
  test(`finds what is planted: ${name}, seed ${seed}`, (t) => {
    const texts = Object.entries(AROUND).flatMap(([where, around]) =>
      Array.from({ length: EACH }, (_, i) => {
        const random = new Random(`${seed}/${name}/${where}/${i}`);
        const { secret, said } = make(random);
        return leak(around(said, random), secret);
      }),
    );
    const leaks = texts.filter((problem) => problem !== undefined);
    t.diagnostic(`${texts.length} texts, ${leaks.length} leaks`);
    // By chance a random string looks like words; what has a form or a key never does.
    const allowed = name.startsWith('random') ? texts.length * 0.01 : 0;
    assert.ok(
      leaks.length <= allowed,
      `${leaks.length} of ${texts.length}:\n${leaks.slice(0, 3).join('\n')}`,
    );
  });
