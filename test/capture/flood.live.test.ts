import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { FLOOD_REASONS, FloodedServer } from './probes/flood.js';
import { PROBES_DIRECTORY, whyNotLive } from './probes/network.js';
import { DropWitness } from './probes/witness.js';
import { KERNEL_ONLY, ktapeRows, type RecorderProcess, startRecorder } from './recorder_process.js';

/** Datagrams of one flood for each reason; `npm run soak` sends more. */
const COUNT = process.env.KTAPE_SOAK === '1' ? 400_000 : 20_000;

/** What became of the drops for one reason. */
interface Account {
  readonly reason: string;
  /** By the counter of nftables. */
  readonly dropped: bigint;
  /** On the tape, of this server and of others on the machine. */
  readonly rows: bigint;
  readonly strangers: bigint;
  /** By the table `losses`, which cannot tell servers apart. */
  readonly lost: bigint;
}

const integer = (cell: unknown) => BigInt(String(cell));

function accountsOf(tape: string, server: FloodedServer): readonly Account[] {
  const rows = ktapeRows(
    tape,
    `SELECT reason, count(*) FILTER (network_namespace = ${server.inode}),
       count(*) FILTER (network_namespace <> ${server.inode}) FROM packet_drops GROUP BY 1`,
  );
  const losses = ktapeRows(
    tape,
    `SELECT subject, sum(count)::BIGINT FROM losses WHERE reason = 'ring buffer full' GROUP BY 1`,
  );
  return FLOOD_REASONS.map((reason) => {
    const [, own = 0, strangers = 0] = rows.find(([name]) => name === reason) ?? [];
    const [, lost = 0] = losses.find(([name]) => name === reason) ?? [];
    return {
      reason,
      dropped: server.dropped(reason),
      rows: integer(own),
      strangers: integer(strangers),
      lost: integer(lost),
    };
  });
}

/** Drops that the probe was not run for, as it was running already: the kernel counts them without their reason. */
function lostByRecursion(tape: string): bigint {
  const others = ktapeRows(
    tape,
    `SELECT source, table_name, reason, sum(count)::BIGINT FROM losses WHERE reason <> 'ring buffer full' GROUP BY ALL`,
  );
  const count = integer(others[0]?.[3] ?? 0);
  const expected = count === 0n ? [] : [['probe', 'packet_drops', 'recursion', others[0]?.[3]]];
  assert.deepEqual(others, expected, 'nothing is lost in any other way');
  return count;
}

/** Compares the tape with what nftables counted. A loss does not say whose it is: a witness tells what others dropped. */
async function assertExact(
  t: TestContext,
  tape: string,
  server: FloodedServer,
  witness: DropWitness,
): Promise<readonly Account[]> {
  const accounts = accountsOf(tape, server);
  const recursion = lostByRecursion(tape);
  const seen = await witness.stop();
  let missing = 0n;
  for (const { reason, dropped, rows, strangers, lost } of accounts) {
    const elsewhere = seen.strangers.get(reason) ?? 0n;
    const said = `${reason}: ${dropped} dropped, ${rows} rows, ${lost} lost; of others ${strangers} rows of ${elsewhere}, ${seen.unseen} not witnessed`;
    t.diagnostic(said);
    assert.ok(rows + strangers + lost <= dropped + elsewhere + seen.unseen, said);
    if (rows + lost < dropped) missing += dropped - rows - lost;
  }
  assert.ok(missing <= recursion, `${missing} are missing, and ${recursion} lost by recursion`);
  return accounts;
}

async function witnessOf(t: TestContext, server: FloodedServer): Promise<DropWitness> {
  const witness = new DropWitness(t, server.inode);
  await witness.ready();
  return witness;
}

async function floodAll(server: FloodedServer, rate: number): Promise<void> {
  const floods = FLOOD_REASONS.map((reason) => server.flood(reason, COUNT, rate / FLOOD_REASONS.length));
  await Promise.all(floods);
}

async function complete(recorder: RecorderProcess): Promise<void> {
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
}

/** The share of all drops that are a loss instead of a row. */
function lostShare(accounts: readonly Account[]): number {
  const sum = (of: (account: Account) => bigint) => accounts.reduce((all, account) => all + of(account), 0n);
  return Number(sum(({ lost }) => lost)) / Number(sum(({ dropped }) => dropped));
}

test('a flood that the recorder keeps up with: rows = what nftables counted, for each reason', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const out = join(scratch(t), 'tape');
  const server = new FloodedServer(t);
  const witness = await witnessOf(t, server);
  const recorder = startRecorder(t, ['--out', out, '--probes', 'packet_drops', ...KERNEL_ONLY]);
  await recorder.says(/^recording node/);
  await floodAll(server, 30_000);
  await complete(recorder);
  for (const { reason, dropped, rows, lost } of await assertExact(t, out, server, witness)) {
    assert.ok(dropped > COUNT / 2, `${reason}: dropped ${dropped}`);
    assert.deepEqual([rows > 0n, lost], [true, 0n], reason);
  }
});

test('a flood on a recorder that is held up: rows + losses = what nftables counted, for each reason', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const out = join(scratch(t), 'tape');
  const server = new FloodedServer(t);
  const witness = await witnessOf(t, server);
  const recorder = startRecorder(t, ['--out', out, '--probes', 'packet_drops', ...KERNEL_ONLY]);
  await recorder.says(/^recording node/);
  // The ring of 8 MiB is full during the second flood.
  recorder.child.kill('SIGSTOP');
  for (let i = 0; i < 3; i++) await floodAll(server, 60_000);
  recorder.child.kill('SIGCONT');
  await floodAll(server, 30_000);
  await complete(recorder);
  const accounts = await assertExact(t, out, server, witness);
  assert.ok(lostShare(accounts) >= 0.3, `${lostShare(accounts)} of the drops are lost`);
  for (const { reason, rows, lost } of accounts) assert.ok(rows > 0n && lost > 0n, reason);
});

test('a flood through the smallest ring, of a loader apart: the same', async (t) => {
  if (skippedLive(t, await whyNotLive())) return;
  const directory = scratch(t);
  const [out, socket] = [join(directory, 'tape'), join(directory, 'loader.sock')];
  const server = new FloodedServer(t);
  const witness = await witnessOf(t, server);
  const probe = `${PROBES_DIRECTORY}/packet_drops.bpf.o`;
  const loader = spawn(`${PROBES_DIRECTORY}/loader`, ['--socket', socket, '--ring-bytes', '4096', probe], {
    stdio: 'ignore',
  });
  t.after(() => loader.kill('SIGKILL'));
  const recorder = startRecorder(t, ['--out', out, '--probes-socket', socket, ...KERNEL_ONLY]);
  await recorder.says(/^recording node/);
  // How much a quick loader loses by itself is the machine's affair.
  loader.kill('SIGSTOP');
  await floodAll(server, 60_000);
  loader.kill('SIGCONT');
  await floodAll(server, 60_000);
  await complete(recorder);
  const accounts = await assertExact(t, out, server, witness);
  assert.ok(lostShare(accounts) >= 0.3, `${lostShare(accounts)} of the drops are lost`);
});
