import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type Header, pack } from 'tar-stream';
import { unpackTape } from '../../../src/archive/unpack_tape.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';

type Entry = readonly [name: string, content: string | Buffer, header?: Partial<Header>];

async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content, header] of entries) archive.entry({ name, ...header }, content);
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

/** A small real tape as entries of an archive. */
async function tapeEntries(t: TestContext) {
  const tape = await writeTinyTape(scratch(t), { log_records: [{ time: '10:00:01', body: 'hello' }] });
  const file = (path: string) => readFileSync(join(tape, path));
  const [segment = ''] = readdirSync(join(tape, 'log_records'));
  const path = `log_records/${segment}`;
  return { manifest: ['tape.json', file('tape.json')] as const, path, bytes: file(path) };
}

/** What the archive is refused for. */
async function refused(t: TestContext, bytes: Buffer): Promise<string> {
  const directory = join(scratch(t), 'received');
  const chunks = Readable.from([bytes.subarray(0, 700), bytes.subarray(700)]);
  return unpackTape(chunks, directory).then(
    () => 'received',
    (error: Error) => error.message,
  );
}

test('a tape comes as it was sent; files that its manifest does not name are passed over', async (t) => {
  const { manifest, path, bytes } = await tapeEntries(t);
  const directory = join(scratch(t), 'received');
  const archive = await archiveOf([
    manifest,
    ['./', '', { type: 'directory' }],
    ['./log_records/other.parquet', 'a segment that came meanwhile'],
    [`./${path}`, bytes],
  ]);
  const tape = await unpackTape(Readable.from([archive]), directory);
  assert.equal(tape.manifest.tables.log_records?.length, 1);
  assert.deepEqual(readdirSync(directory, { recursive: true }).sort(), ['log_records', path, 'tape.json']);
  assert.deepEqual(readFileSync(join(directory, path)), bytes);
  assert.deepEqual(readFileSync(join(directory, 'tape.json')), manifest[1]);
});

test('what a stranger may send is refused', async (t) => {
  const { manifest, path, bytes } = await tapeEntries(t);
  const changed = Buffer.from(bytes);
  changed[40] = (changed[40] ?? 0) ^ 1;
  const badPath = String(manifest[1]).replace(path, '../../etc/passwd');
  const link = { type: 'symlink', linkname: '/etc/passwd' } as const;
  const cases: [string, readonly Entry[]][] = [
    ['the archive is empty', []],
    ['the archive begins with "log_records/x.parquet"; expected tape.json', [['log_records/x.parquet', 'x']]],
    ['tape.json: not JSON: it begins "no manifest"', [['tape.json', 'no manifest']]],
    [
      'tape.json: tape.json: tables: log_records[0]: path is "../../etc/passwd"; expected a path like "spans/node-0-1.parquet"',
      [['tape.json', badPath]],
    ],
    ['the archive has the path "../evil", which leads out of the tape', [manifest, ['../evil', 'x']]],
    ['the archive has the path "/evil", which leads out of the tape', [manifest, ['/evil', 'x']]],
    [`the archive has a symlink, "${path}"; expected files`, [manifest, [path, '', link]]],
    [`the archive has a link, "a"; expected files`, [manifest, ['a', '', { ...link, type: 'link' }]]],
    ['the archive has a fifo, "a"; expected files', [manifest, ['a', '', { type: 'fifo' }]]],
    [`${path}: 3 bytes long; the manifest says ${bytes.length}`, [manifest, [path, 'abc']]],
    [`${path}: its bytes are not those that were written (SHA-256 differs)`, [manifest, [path, changed]]],
    [`${path}: comes twice`, [manifest, [path, bytes], [path, bytes]]],
    ['tape.json: comes twice', [manifest, ['./tape.json', 'x']]],
    ['tape.json.sig: 65 bytes long; expected at most 64', [manifest, ['tape.json.sig', Buffer.alloc(65)]]],
    [`${path} did not come, though tape.json lists it`, [manifest]],
  ];
  for (const [reason, entries] of cases) {
    assert.equal(await refused(t, await archiveOf(entries)), reason);
  }
});

test('lying and giant headers are refused without reading on', async (t) => {
  const { manifest, path, bytes } = await tapeEntries(t);
  const whole = await archiveOf([manifest, [path, bytes]]);
  assert.match(await refused(t, whole.subarray(0, 1500)), /^after tape.json: Unexpected end of data$/);
  assert.match(await refused(t, Buffer.alloc(2048, 'x')), /^at its beginning: Invalid tar header/);
  // A name of 4 GiB, and a manifest of 8 GiB that would come after its header.
  const giant = (type: string, size: string) => {
    const header = Buffer.alloc(512);
    header.write('tape.json', 0);
    header.write('0000644\0', 100);
    header.write(size, 124);
    header.write(type, 156);
    header.write('ustar\0', 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return Buffer.concat([header, Buffer.alloc(1024)]);
  };
  assert.match(await refused(t, giant('L', '40000000000\0')), /Header exceeds max size/);
  assert.equal(
    await refused(t, giant('0', '77777777777\0')),
    'tape.json: 8589934591 bytes long; expected at most 67108864',
  );
  const hoard: Entry[] = Array.from({ length: 3 }, (_, i) => [`junk-${i}`, Buffer.alloc(1 << 20)]);
  assert.equal(
    await refused(t, await archiveOf([manifest, ...hoard])),
    `${path} did not come, though tape.json lists it`,
  );
});
