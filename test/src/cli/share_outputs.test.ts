import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type OutputOptions, shareOutputs } from '../../../src/cli/share_outputs.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';

test('the map is beside the archive unless told', (t) => {
  const directory = scratch(t);
  const [plain, encrypted] = [join(directory, 'a.tape.tar'), join(directory, 'b.tape.tar.age')];
  assert.deepEqual(shareOutputs({ output: plain }), { out: plain, map: join(directory, 'a.map.json') });
  assert.deepEqual(shareOutputs({ output: encrypted, encryptTo: ['age1…'] }), {
    out: encrypted,
    map: join(directory, 'b.map.json'),
  });
  assert.equal(shareOutputs({ dryRun: true }), undefined);
});

const ENDINGS = 'expected a file whose name ends in .tape.tar, or with --encrypt-to in .tape.tar.age';
const OUTSIDE = 'expected a place outside of tapes';
const ENCRYPTED = 'encrypted by --encrypt-to; expected a name that ends in .tape.tar.age';

/** Options, and what is said of them; D is a directory that has a tape, `same` leads to D. */
const WRONG: readonly (readonly [OutputOptions, string])[] = [
  [{}, '--output: missing; expected a file to write, OUT.tape.tar or OUT.tape.tar.age'],
  [{ output: '' }, `--output "": ${ENDINGS}`],
  [{ output: '-' }, `--output -: ${ENDINGS}`],
  [{ output: 'D/x.tar' }, `--output D/x.tar: ${ENDINGS}`],
  [{ output: 'D/.tape.tar' }, `--output D/.tape.tar: ${ENDINGS}`],
  [
    { output: 'D/x.tape.tar.age' },
    '--output D/x.tape.tar.age: expected --encrypt-to too, or a name that ends in .tape.tar',
  ],
  [{ output: 'D/x.tape.tar', encryptTo: ['age1'] }, `--output D/x.tape.tar: ${ENCRYPTED}`],
  [{ output: 'D/x.age', encryptTo: ['age1'] }, `--output D/x.age: ${ENCRYPTED}`],
  [
    { output: 'D/x.tape.tar', map: 'D/./x.tape.tar' },
    '--map D/./x.tape.tar: the same file as --output; expected another',
  ],
  [
    { output: 'D/x.tape.tar', map: 'D/same/x.tape.tar' },
    '--map D/same/x.tape.tar: the same file as --output; expected another',
  ],
  [{ output: 'D/x.tape.tar', map: '-' }, '--map "-": expected the name of a file'],
  [{ output: 'D/tape/x.tape.tar' }, `--output D/tape/x.tape.tar: within the tape D/tape; ${OUTSIDE}`],
  [
    { output: 'D/x.tape.tar', map: 'D/tape/spans/m.json' },
    `--map D/tape/spans/m.json: within the tape D/tape; ${OUTSIDE}`,
  ],
  [{ output: 'D/none/x.tape.tar' }, '--output D/none/x.tape.tar: directory D/none does not exist'],
  [{ output: 'D/x.tape.tar', map: 'D/none/m.json' }, '--map D/none/m.json: directory D/none does not exist'],
  [{ output: 'D/file/x.tape.tar' }, '--output D/file/x.tape.tar: D/file is not a directory'],
];

for (const [options, said] of WRONG) {
  test(`refused: ${JSON.stringify(options)}`, async (t) => {
    const directory = scratch(t);
    await writeTinyTape(directory, { spans: [{ time: '10:00:01' }] });
    symlinkSync(directory, join(directory, 'same'));
    writeFileSync(join(directory, 'file'), '');
    const given: OutputOptions = JSON.parse(JSON.stringify(options).replaceAll('"D/', `"${directory}/`));
    const message = said.replaceAll(/\bD\//g, `${directory}/`);
    assert.throws(() => shareOutputs(given), { name: 'UsageError', message });
  });
}
