import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { OTLP_AT, startRecorder } from '../recorder_process.js';
import { judgeDurability } from './durability.js';
import { grpcSender, httpSender, type Sender } from './senders.js';
import { readStrace } from './strace_log.js';
import { missingStrace, readLog, straced } from './strace_process.js';

const CALLS = 'read,write,writev,pwrite64,pwritev,openat,mkdir,rename,unlink,fsync,fdatasync';
const MIB = 1 << 20;

test('no OK leaves before the request is synced, and names are synced before anything relies on them', async (t) => {
  if (skippedLive(t, missingStrace())) return;
  const folder = scratch(t);
  const [log, out] = [join(folder, 'strace'), join(folder, 'tape')];
  const options = ['--probes', 'off', '--kubernetes', 'off', '--cgroups', 'off'];
  const ports = ['--otlp-grpc', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0'];
  const recorder = startRecorder(
    t,
    ['--out', out, ...options, ...ports],
    straced(log, CALLS, ['--seccomp-bpf']),
  );
  const [, http = ''] = await recorder.says(OTLP_AT);
  const [, grpc = ''] = await recorder.says(/otlp grpc: (\S+)/);
  await recorder.says(/^recording node/);

  const sent: string[] = [];
  const next = (size: number) => {
    sent.push(`request-${String(sent.length).padStart(6, '0')}`);
    return `${sent.at(-1)} ${randomBytes(size / 2).toString('hex')}`;
  };
  const senders = [httpSender(http), httpSender(http), grpcSender(grpc), grpcSender(grpc)];
  t.after(() => {
    for (const sender of senders) sender.close();
  });
  const sendTen = async ({ send }: Sender) => {
    for (let i = 0; i < 10; i++) assert.ok(await send(next(100)));
  };
  await Promise.all(senders.map(sendTen));
  // So much that it is sealed while others send.
  for (let i = 0; i < 3; i++) assert.ok(await httpSender(http).send(next(8 * MIB)));
  await Promise.all(senders.map(sendTen));
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));

  const judged = judgeDurability(readStrace(await readLog(log, recorder.child.pid)));
  assert.deepEqual(judged.violations, []);
  assert.deepEqual([...judged.acknowledged].sort(), sent);
  const names = (paths: readonly string[]) =>
    new Set(paths.map((path) => path.slice(out.length + 1).replace(/\/.*/, '/')));
  assert.deepEqual(names(judged.renamed), new Set(['tape.json', 'log_records/', 'recorder_health/']));
  assert.deepEqual(names(judged.removed), new Set(['journal/']));
  assert.ok(judged.removed.length >= 2, 'some was sealed before the end');
});

const JOURNAL = '20</t/journal/1.journal>';
const CREATED = '1 openat(AT_FDCWD</>, "/t/journal/1.journal", O_WRONLY|O_CREAT, 0666) = 20';
const ASKED = '1 read(9<socket:[5]>, "POST request-000001", 65536) = 99';
const WRITTEN = `1 pwritev(${JOURNAL}, [{iov_base="request-000001", iov_len=14}], 1, 0) = 14`;
const SYNC_BEGINS = `2 fdatasync(${JOURNAL} <unfinished ...>`;
const SYNCED = '2 <... fdatasync resumed>) = 0';
const NAMED = '2 fsync(21</t/journal>) = 0';
const OK = '1 write(9<socket:[5]>, "HTTP/1.1 200 OK", 15) = 15';
const tooSoon = 'request-000001 was acknowledged before /t/journal/1.journal was synced';

for (const [what, lines, violations] of [
  ['synced, then acknowledged', [CREATED, ASKED, WRITTEN, SYNC_BEGINS, SYNCED, NAMED, OK], []],
  ['acknowledged while the sync runs', [CREATED, NAMED, ASKED, WRITTEN, SYNC_BEGINS, OK, SYNCED], [tooSoon]],
  ['written while the sync runs', [CREATED, NAMED, ASKED, SYNC_BEGINS, WRITTEN, SYNCED, OK], [tooSoon]],
  [
    'the sync fails',
    [CREATED, NAMED, ASKED, WRITTEN, SYNC_BEGINS, '2 <... fdatasync resumed>) = -1 EIO (x)', OK],
    [tooSoon],
  ],
  ['in no journal', [ASKED, OK], ['request-000001 was acknowledged and is in no journal']],
  [
    'a new journal file without its name',
    [CREATED, ASKED, WRITTEN, SYNC_BEGINS, SYNCED, OK],
    ['request-000001 was acknowledged before /t/journal was synced for /t/journal/1.journal'],
  ],
  [
    'a segment that is not synced',
    ['1 write(7</t/spans/a.tmp>, "PAR1", 4) = 4', '1 rename("/t/spans/a.tmp", "/t/spans/a") = 0'],
    ['/t/spans/a.tmp was renamed before it was synced'],
  ],
  [
    'tape.json before the names of its segments',
    ['1 rename("/t/spans/a.tmp", "/t/spans/a") = 0', '1 rename("/t/tape.json.tmp", "/t/tape.json") = 0'],
    ['/t/tape.json was renamed before /t/spans was synced for /t/spans/a'],
  ],
  [
    'the journal goes before tape.json is there',
    ['1 rename("/t/tape.json.tmp", "/t/tape.json") = 0', '1 unlink("/t/journal/1.journal") = 0'],
    ['/t/journal/1.journal was removed before /t was synced for /t/tape.json'],
  ],
] as const) {
  test(`judged by its system calls: ${what}`, () => {
    assert.deepEqual(judgeDurability(readStrace(lines.map(inHex).join('\n'))).violations, violations);
  });
}

/** Strings and files as `strace -xx` writes them. */
function inHex(line: string): string {
  const hex = (text: string) => Buffer.from(text).toString('hex').replace(/../g, '\\x$&');
  return line
    .replace(/"(.*?)"/g, (_, text) => `"${hex(text)}"`)
    .replace(/(\d)<(.*?)>/g, (_, descriptor, file) => `${descriptor}<${hex(file)}>`);
}
