import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openTape } from '../../../src/tape/tape.js';
import { segmentDamage } from '../../../src/tape/verify_bytes.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { CLI, ktapeRows, OTLP_AT, type RecorderProcess, startRecorder } from '../recorder_process.js';
import { AIMED_CALLS, aimAt, injecting, PHASES, type Phase, phaseHit } from './kill_phase.js';
import { Ledger } from './ledger.js';
import { grpcSender, httpSender, type Sender } from './senders.js';
import { readStrace } from './strace_log.js';
import { attachStrace, missingStrace, readLog, straced } from './strace_process.js';

/** `npm run soak` takes its time. */
const [KILLS, EACH_PHASE] = process.env.KTAPE_SOAK === '1' ? [100, 5] : [12, 1];
const KILLS_OF_A_TAPE = 12;

/** A recorder that has not come to the call by then is killed where it is. */
const AIMED_FOR_MS = 5_000;

const OPTIONS = ['--probes', 'off', '--kubernetes', 'off', '--cgroups', 'off'];
const PORTS = ['--otlp-grpc', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0'];

test('killed at any moment, again and again: what was acknowledged is on the tape', async (t) => {
  if (skippedLive(t, missingStrace())) return;
  const hits = new Map<Phase, number>(PHASES.map((phase) => [phase, 0]));
  const rarest = () => PHASES.reduce((a, b) => ((hits.get(b) ?? 0) < (hits.get(a) ?? 0) ? b : a));
  const kills = () => [...hits.values()].reduce((a, b) => a + b);
  let [requests, missed] = [0, 0];
  while (kills() < KILLS || (hits.get(rarest()) ?? 0) < EACH_PHASE) {
    assert.ok(kills() + missed < 2 * KILLS, `phases hit: ${JSON.stringify([...hits])}`);
    const tape = new KilledTape(t);
    for (let i = 0; i < Math.min(KILLS_OF_A_TAPE, KILLS); i++) {
      const phase = await tape.kill(rarest());
      if (phase === undefined) missed++;
      else hits.set(phase, (hits.get(phase) ?? 0) + 1);
    }
    await tape.complete();
    tape.check();
    requests += tape.ledger.acknowledged.size;
  }
  console.log(
    `${kills()} kills, ${[...hits].map((hit) => hit.join(' ')).join(', ')}; ${requests} requests acknowledged`,
  );
});

/** A tape whose recorder is killed many times. */
class KilledTape {
  readonly ledger = new Ledger();
  private readonly folder: string;
  private readonly out: string;
  /** When it was killed, nanoseconds since the epoch. */
  private readonly killedAt: bigint[] = [];

  constructor(private readonly t: TestContext) {
    this.folder = scratch(t);
    this.out = join(this.folder, 'tape');
  }

  /** Starts the recorder, sends to it, and has it killed, in this phase if it can be: returns in which it was, if strace did it. */
  async kill(wanted: Phase): Promise<Phase | undefined> {
    const unfinished = existsSync(join(this.out, 'tape.json'));
    const aim = aimAt(wanted);
    const log = join(this.folder, `strace-${this.killedAt.length}`);
    // While it starts, it repairs: who aims at that looks at it from the beginning, else when it records.
    const recorder = this.start(
      wanted === 'repair' ? straced(log, AIMED_CALLS, injecting(aim, this.out)) : [],
    );
    if (wanted !== 'repair') {
      await recorder.says(/^recording node/);
      await attachStrace(recorder.child.pid, log, AIMED_CALLS, injecting(aim, this.out));
    }
    let late = false;
    const lateness = setTimeout(() => {
      late = recorder.child.kill('SIGKILL');
    }, AIMED_FOR_MS);
    await this.load(recorder).catch(() => undefined);
    assert.equal(await recorder.exited, 'SIGKILL', recorder.said.join('\n'));
    clearTimeout(lateness);
    if (existsSync(join(this.out, 'tape.json'))) this.killedAt.push(BigInt(Date.now()) * 1_000_000n);
    await this.expectWhole();
    if (late) return undefined;
    const repairing = unfinished && !recorder.said.some((line) => line.startsWith('taking up'));
    return phaseHit(readStrace(await readLog(log, recorder.child.pid)), aim, repairing);
  }

  /** Starts it once more, sends again what was not acknowledged, and lets it end. */
  async complete(): Promise<void> {
    const recorder = this.start();
    const [sender] = await this.senders(recorder);
    assert.ok(sender !== undefined);
    await recorder.says(/^recording node/);
    await this.ledger.sendWaiting(sender);
    recorder.child.kill('SIGTERM');
    assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  }

  /** Each request is on the tape once, or at most as often as it was sent; each death is within a loss; all verifies. */
  check(): void {
    const verified = spawnSync(process.execPath, [CLI, 'verify', this.out], { encoding: 'utf8' });
    assert.equal(verified.status, 0, verified.stdout);
    const rows = ktapeRows(this.out, `SELECT body[1:14], count(*) FROM log_records GROUP BY 1`);
    const times = new Map(rows.map(([text, count]) => [String(text), Number(count)]));
    assert.deepEqual(this.ledger.wrongs(times), []);
    const losses = ktapeRows(
      this.out,
      `SELECT epoch_ns(time), epoch_ns(until) FROM losses WHERE reason = 'recorder ended abruptly'`,
    ).map(([since, until]) => [BigInt(String(since)), BigInt(String(until))] as const);
    const untold = this.killedAt.filter((at) => !losses.some(([since, until]) => since <= at && at <= until));
    assert.deepEqual(untold, []);
  }

  private start(prefix: readonly string[] = []): RecorderProcess {
    return startRecorder(this.t, ['--out', this.out, '--node', 'n1', ...OPTIONS, ...PORTS], prefix);
  }

  private async senders(recorder: RecorderProcess): Promise<Sender[]> {
    const [, http = ''] = await recorder.says(OTLP_AT);
    const [, grpc = ''] = await recorder.says(/otlp grpc: (\S+)/);
    const senders = [httpSender(http), httpSender(http), grpcSender(grpc)];
    this.t.after(() => {
      for (const sender of senders) sender.close();
    });
    return senders;
  }

  /** Sends until the recorder is dead. */
  private async load(recorder: RecorderProcess): Promise<void> {
    let running = true;
    recorder.exited.then(() => {
      running = false;
    });
    const senders = await this.senders(recorder);
    await Promise.all(senders.map((sender) => this.ledger.send(sender, () => running)));
  }

  /** What the manifest names is there whole, at any moment. */
  private async expectWhole(): Promise<void> {
    if (!existsSync(join(this.out, 'tape.json'))) return;
    const tape = await openTape(this.out);
    for (const segment of Object.values(tape.manifest.tables).flat()) {
      assert.equal(await segmentDamage(tape, segment), undefined);
    }
  }
}
