import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const base64 = Buffer.from('user tried Sunflower42 again').toString('base64');
const LONG = 'correct-horse-battery-staple';

/** Bodies, and what becomes of them. */
const BODIES: readonly (readonly [string, string])[] = [
  ['connected with password=sunflower42', 'connected with password=[password]'],
  ['tried sunflower42 and gave up', 'tried [password] and gave up'],
  ['SUNFLOWER42?', '[password]?'],
  ['said %73unflower42', 'said [encoded]'],
  [`got ${base64}`, 'got [encoded]=='],
  ['sunflower421 is another', 'sunflower421 is another'],
  ['nothing', 'nothing'],
  [`pwd: ${LONG}`, 'pwd: [password]'],
  [`x${LONG}y`, 'x[password]y'],
];

test('a secret that one text tells is cut in all others, in a second round', async (t) => {
  const directory = scratch(t);
  const rows = BODIES.map(([body], i) => ({ time: `10:00:0${i}`, body, body_type: 's' }));
  const tape = await writeTinyTape(directory, { log_records: rows });
  const out = join(directory, 'out.tape.tar');
  const { status, stderr } = await runCaptured(['share', tape, '-o', out], { temporary: scratch(t) });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^2 secrets stood in other texts too; cut there in a second round\n/);
  const sql = 'select body from log_records order by time';
  const { stdout } = await runCaptured(['sql', out, sql, '--format', 'ndjson'], { temporary: scratch(t) });
  const became = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).body);
  assert.deepEqual(
    became,
    BODIES.map(([, body]) => body),
  );
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith('.')),
    [],
  );
});
