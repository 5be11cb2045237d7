import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSigningKey } from '../../../src/archive/signature.js';
import { writeArchive } from '../../../src/archive/write_archive.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from './captured_terminal.js';
import { writeSampleTape } from './sample_tape.js';

const IDENTITY = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';

/** Every command that opens tapes; TAPE stands for it. */
const COMMANDS = [
  'info TAPE',
  'verify TAPE',
  'schema TAPE',
  'queries TAPE',
  'report TAPE network/dropped_by_policy',
  'sql TAPE FROM|spans',
  'policy matrix TAPE',
  'policy diff TAPE --since 2026-11-22T10:00:01Z --until 2026-11-22T10:00:05Z',
  'policy explain TAPE --from shop/web-0 --to shop/db-0 --port 5432',
  'policy suggest TAPE',
];

test('every command says the same of a tape, of its archive and of its encrypted archive', async (t) => {
  const parent = scratch(t);
  const tape = await writeSampleTape(parent);
  const archive = join(parent, 'a.tape.tar');
  const encrypted = join(parent, 'a.tape.tar.age');
  const identity = join(parent, 'key.txt');
  await writeArchive({ directory: tape, out: archive });
  await writeArchive({ directory: tape, out: encrypted, encryptTo: [RECIPIENT] });
  writeFileSync(identity, `# of a test\n${IDENTITY}\n`);
  const outcome = async (command: string, path: string, options: readonly string[] = []) => {
    const args = command.split(' ').map((word) => (word === 'TAPE' ? path : word.replaceAll('|', ' ')));
    const { status, stdout, stderr } = await runCaptured([...args, ...options], { temporary: parent });
    assert.equal(status, 0, `${command} of ${path}: ${stderr}`);
    return { stdout: stdout.replaceAll(path, 'TAPE'), stderr: stderr.replaceAll(path, 'TAPE') };
  };
  for (const command of COMMANDS) {
    const expected = await outcome(command, tape);
    assert.deepEqual(await outcome(command, archive), expected, command);
    assert.deepEqual(await outcome(command, encrypted, ['--identity', identity]), expected, command);
    const args = command.split(' ').map((word) => (word === 'TAPE' ? encrypted : word.replaceAll('|', ' ')));
    assert.deepEqual(await runCaptured(args, { temporary: parent }), {
      status: 1,
      stdout: '',
      stderr: `ktape: ${encrypted}: encrypted with age; --identity FILE gives the key that opens it\n`,
    });
  }
});

test('verify tells of a signature: not checked, by this key, by another, none', async (t) => {
  const parent = scratch(t);
  const tape = await writeSampleTape(parent);
  const out = join(parent, 'a.tape.tar');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = (name: string, text: string | Buffer) => {
    writeFileSync(join(parent, name), text);
    return join(parent, name);
  };
  const key = pem('public.pem', publicKey.export({ type: 'spki', format: 'pem' }));
  const other = pem(
    'other.pem',
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
  );
  const secret = pem('private.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const rsa = pem(
    'rsa.pem',
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
  );
  const verified = async (...options: string[]) => {
    const { status, stderr } = await runCaptured(['verify', out, ...options], { temporary: parent });
    return `${status} ${stderr.trim().replaceAll(parent, '')}`;
  };
  await writeArchive({ directory: tape, out });
  assert.equal(await verified(), '0 4 segments, 0 damaged');
  assert.equal(
    await verified('--key', key),
    '1 4 segments, 0 damaged; tape.json.sig: missing: the tape is not signed',
  );
  await writeArchive({ directory: tape, out, sign: privateKey });
  assert.equal(
    await verified(),
    '0 4 segments, 0 damaged; tape.json.sig: not checked: --key gives the public key of who signed',
  );
  assert.equal(
    await verified('--key', key),
    '0 4 segments, 0 damaged; tape.json.sig: ok: signed with this key',
  );
  assert.equal(
    await verified('--key', other),
    "1 4 segments, 0 damaged; tape.json.sig: not this key's signature of this tape.json: one of the three is another, or was changed",
  );
  for (const wrong of [secret, rsa, `${tape}/tape.json`]) {
    assert.equal(
      await verified('--key', wrong),
      `2 ktape: --key ${wrong.replace(parent, '')}: not an Ed25519 public key in PEM (openssl pkey -in PRIVATE.pem -pubout makes one)`,
    );
  }
  assert.equal(
    await verified('--key', join(parent, 'none.pem')),
    '2 ktape: --key /none.pem: no such file or directory',
  );
});

test('verify says of each file of an archive what the archive has of it, unpacked before or not', async (t) => {
  const parent = scratch(t);
  const tape = await writeSampleTape(parent);
  const out = join(parent, 'a.tape.tar');
  await writeArchive({ directory: tape, out });
  const whole = readFileSync(out);
  const verified = async (content: Buffer, cache: string) => {
    writeFileSync(out, content);
    const { status, stdout, stderr } = await runCaptured(['verify', out, '--format', 'csv'], {
      temporary: parent,
      cache,
    });
    return [`status ${status}`, ...`${stdout}${stderr}`.replaceAll(out, 'ARCHIVE').trim().split(/\r?\n/)];
  };
  const path = (table: string, number: number) => `${table}/node-1-1795341600000-0000${number}.parquet`;
  // The manifest, which comes first, has the paths too.
  const at = (path: string) => whole.lastIndexOf(path);
  const changed = Buffer.from(whole);
  for (const name of [path('losses', 4), path('packet_drops', 1)]) changed[at(name) + 600] = 0xff;
  const padding = Buffer.from(whole);
  padding[at(path('spans', 2)) - 1] = 1;
  const cases: [Buffer, string[]][] = [
    [
      changed,
      [
        'status 1',
        'path,rows,result',
        `${path('packet_drops', 1)},4,its bytes are not those that were written (SHA-256 differs)`,
        `${path('spans', 2)},5,ok`,
        `${path('kubernetes_objects', 3)},10,ok`,
        `${path('losses', 4)},1,its bytes are not those that were written (SHA-256 differs)`,
        '4 segments, 2 damaged',
      ],
    ],
    [
      whole.subarray(0, at(path('losses', 4)) + 512 + 1000),
      [
        'status 1',
        'path,rows,result',
        `${path('packet_drops', 1)},4,"missing, though tape.json lists it"`,
        `${path('spans', 2)},5,"missing, though tape.json lists it"`,
        `${path('kubernetes_objects', 3)},10,ok`,
        `${path('losses', 4)},1,"missing, though tape.json lists it"`,
        `ARCHIVE,,in ${path('losses', 4)}: Unexpected end of data`,
        `4 segments, 3 damaged; ARCHIVE: in ${path('losses', 4)}: Unexpected end of data`,
      ],
    ],
    [
      padding,
      [
        'status 1',
        'path,rows,result',
        `${path('packet_drops', 1)},4,what fills its last block is not zeros (byte ${at(path('spans', 2)) - 1} of the archive)`,
        `${path('spans', 2)},5,ok`,
        `${path('kubernetes_objects', 3)},10,ok`,
        `${path('losses', 4)},1,ok`,
        '4 segments, 1 damaged',
      ],
    ],
  ];
  const [warm, cold] = [join(parent, 'warm'), join(parent, 'cold')];
  await runCaptured(['info', out], { temporary: parent, cache: warm });
  assert.equal(existsSync(warm), true);
  for (const [content, expected] of cases) {
    assert.deepEqual(await verified(content, warm), expected);
    assert.deepEqual(await verified(content, cold), expected);
  }
});

test('OpenSSL makes the keys and checks the signature', async (t) => {
  const parent = scratch(t);
  const tape = await writeSampleTape(parent);
  const at = (name: string) => join(parent, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8' });
  openssl('genpkey', '-algorithm', 'ed25519', '-out', at('private.pem'));
  openssl('pkey', '-in', at('private.pem'), '-pubout', '-out', at('public.pem'));
  await writeArchive({
    directory: tape,
    out: at('a.tape.tar'),
    sign: await readSigningKey(at('private.pem')),
  });
  execFileSync('tar', ['xf', at('a.tape.tar'), '-C', parent, 'tape.json', 'tape.json.sig']);
  const rest = ['-rawin', '-in', at('tape.json'), '-sigfile', at('tape.json.sig')];
  assert.match(
    openssl('pkeyutl', '-verify', '-pubin', '-inkey', at('public.pem'), ...rest),
    /Verified Successfully/,
  );
  await assert.rejects(readSigningKey(at('public.pem')), {
    message: `${at('public.pem')}: not an Ed25519 private key in PEM (openssl genpkey -algorithm ed25519 makes one)`,
  });
});

test('an archive that GNU tar made opens, and verify says that it is not as ktape writes it', async (t) => {
  const parent = scratch(t);
  const tape = await writeSampleTape(parent);
  const out = join(parent, 'a.tape.tar');
  execFileSync('tar', ['-C', tape, '-cf', out, 'tape.json', '--exclude=./tape.json', '.']);
  const { stdout } = await runCaptured(['sql', out, 'SELECT count(*) AS n FROM spans', '--format', 'csv'], {
    temporary: parent,
  });
  assert.equal(stdout, 'n\r\n5\r\n');
  const { status, stderr } = await runCaptured(['verify', out], { temporary: parent });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /tape\.json: its header in the archive is not as ktape writes it \(byte \d+ of the archive\)\n$/,
  );
});
