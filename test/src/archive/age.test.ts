import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readIdentities, recipientsOf } from '../../../src/archive/age.js';
import { openAnyTape } from '../../../src/archive/open_any_tape.js';
import { writeArchive } from '../../../src/archive/write_archive.js';
import { openTape } from '../../../src/tape/tape.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { openingIn, smallTape } from './tapes.js';

/** A key file as `age-keygen` writes it. */
const KEY_FILE = `# created: 2026-11-22T10:00:00Z
# public key: age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj
AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX
`;
const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
const OTHER_IDENTITY = 'AGE-SECRET-KEY-1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6';

const EXPECTED = 'expected an age recipient (age1…), or a file with some';

async function encryptedTape(t: TestContext) {
  const { directory, out, parent } = await smallTape(t);
  const key = join(parent, 'key.txt');
  writeFileSync(key, KEY_FILE);
  const file = `${out}.age`;
  await writeArchive({ directory, out: file, encryptTo: [RECIPIENT] });
  return { directory, file, parent, key };
}

test('an encrypted tape opens with its identity, and is in clear nowhere but in the temporary directory', async (t) => {
  const { directory, file, parent, key } = await encryptedTape(t);
  assert.equal(readFileSync(file).includes('losses'), false);
  const temporary = scratch(t);
  const tape = await openAnyTape(file, {
    ...openingIn(parent, await readIdentities(key)),
    temporary: () => temporary,
  });
  assert.deepEqual(tape.manifest, (await openTape(directory)).manifest);
  assert.equal(join(temporary, readdirSync(temporary)[0] ?? ''), tape.directory);
  assert.equal(existsSync(join(parent, 'cache')), false);
});

test('without the key, with another, or changed anywhere it does not open', async (t) => {
  const { file, parent, key } = await encryptedTape(t);
  const refused = async (file: string, identities: readonly string[]) =>
    openAnyTape(file, openingIn(parent, identities)).then(
      () => 'opened',
      (error: Error) => error.message.replace(`${file}: `, ''),
    );
  assert.equal(await refused(file, []), 'encrypted with age; --identity FILE gives the key that opens it');
  assert.equal(
    await refused(file, [OTHER_IDENTITY]),
    "cannot be decrypted: no identity matched any of the file's recipients",
  );
  const identities = await readIdentities(key);
  const bytes = readFileSync(file);
  const changed = join(parent, 'changed.age');
  const lengths = [100, 200, bytes.length - 1];
  for (const at of [...Array(bytes.length).keys()].filter((at) => at % 97 === 0 || at < 30)) {
    const other = Buffer.from(bytes);
    other[at] = (other[at] ?? 0) ^ 1;
    writeFileSync(changed, other);
    assert.notEqual(await refused(changed, identities), 'opened', `byte ${at}`);
  }
  for (const length of lengths) {
    writeFileSync(changed, bytes.subarray(0, length));
    assert.notEqual(await refused(changed, identities), 'opened', `cut to ${length}`);
  }
  writeFileSync(changed, Buffer.concat([bytes, Buffer.from('x')]));
  assert.match(
    await refused(changed, identities),
    /not as it was encrypted, but damaged, cut off or changed/,
  );
});

test('a header that never ends is refused before it fills the memory', async (t) => {
  const parent = scratch(t);
  const file = join(parent, 'endless.age');
  writeFileSync(file, `age-encryption.org/v1\n${'-> stranger abc\n\n'.repeat(200_000)}`);
  await assert.rejects(openAnyTape(file, openingIn(parent, [OTHER_IDENTITY])), {
    message: `${file}: not encrypted with age: its header is longer than 1048576 bytes`,
  });
});

test('keys come from files with comments; what is none is named by its line and not shown', async (t) => {
  const parent = scratch(t);
  const file = (name: string, text: string) => {
    writeFileSync(join(parent, name), text);
    return join(parent, name);
  };
  const recipients = file('recipients', `# the vendor\n${RECIPIENT}\n\n`);
  assert.deepEqual(await recipientsOf([RECIPIENT, recipients], '--encrypt-to'), [RECIPIENT, RECIPIENT]);
  const secret = file('secret', KEY_FILE);
  for (const [reading, message] of [
    [
      () => recipientsOf([secret], '--encrypt-to'),
      `--encrypt-to ${secret}: line 3: not an age recipient: age1…, as age-keygen -y shows it`,
    ],
    [
      () => recipientsOf([`${RECIPIENT}x`], '--encrypt-to'),
      `--encrypt-to ${RECIPIENT}x: not an age recipient: age1…, as age-keygen -y shows it`,
    ],
    [() => recipientsOf(['alice'], '--encrypt-to'), '--encrypt-to alice: no such file or directory'],
    [() => recipientsOf([''], '--encrypt-to'), `--encrypt-to "": ${EXPECTED}`],
    [() => recipientsOf([OTHER_IDENTITY], '--encrypt-to'), `--encrypt-to: a secret key; ${EXPECTED}`],
    [
      () => readIdentities(recipients),
      `--identity ${recipients}: line 2: not an age identity: AGE-SECRET-KEY-1…`,
    ],
    [() => readIdentities(join(parent, 'none')), `--identity ${parent}/none: no such file or directory`],
    [() => readIdentities(file('empty', '# nothing\n')), `--identity ${parent}/empty: has no key in it`],
  ] as const) {
    await assert.rejects(reading, { name: 'UsageError', message });
  }
});

test('what the age program encrypts opens here, and it opens what is encrypted here', async (t) => {
  const missing =
    spawnSync('age', ['--version']).error === undefined ? undefined : 'the program age is not installed';
  if (skippedLive(t, missing)) return;
  const { directory, file, parent, key } = await encryptedTape(t);
  const plain = join(parent, 'plain.tape.tar');
  await writeArchive({ directory, out: plain });
  assert.deepEqual(execFileSync('age', ['--decrypt', '-i', key, file]), readFileSync(plain));
  const theirs = join(parent, 'theirs.age');
  execFileSync('age', ['-r', RECIPIENT, '-o', theirs, plain]);
  const tape = await openAnyTape(theirs, openingIn(parent, await readIdentities(key)));
  assert.deepEqual(tape.manifest, (await openTape(directory)).manifest);
});
