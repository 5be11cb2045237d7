import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { InvalidFileError } from '../../../src/errors.js';
import { TapeDatabase } from '../../../src/query/tape_database.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { type KubernetesObject, observed, rowsOf, withTinyTape, writeTinyTape } from '../../tiny_tape.js';

test('a captured table without rows is empty and typed', async () => {
  assert.deepEqual(await rowsOf({ spans: [] }, 'SELECT time, attributes FROM spans'), []);
  assert.deepEqual(
    await rowsOf({ spans: [] }, "SELECT column_type FROM (DESCRIBE spans) WHERE column_name = 'attributes'"),
    [['MAP(VARCHAR, VARCHAR)']],
  );
});

test('a table that is not there: not captured, or no table at all', () =>
  withTinyTape({ spans: [] }, async (database) => {
    const failures: Record<string, string> = {};
    for (const table of ['log_records', 'pods', 'policy_verdicts', 'spanz', 'nothing']) {
      await assert.rejects(
        () => database.rows(`FROM ${table}`),
        (error: Error) => {
          failures[table] = error.message;
          return true;
        },
      );
    }
    assert.deepEqual(failures, {
      log_records: 'log_records was not captured in this tape, which was recorded without OTLP logs',
      pods: 'pods needs kubernetes_objects, not captured in this tape, which was recorded without the Kubernetes API',
      policy_verdicts:
        'policy_verdicts needs packet_drops and kubernetes_objects, not captured in this tape, which was recorded without the kernel probes and the Kubernetes API',
      spanz: 'no table "spanz" (did you mean spans?); this tape captured spans',
      nothing: 'no table "nothing"; this tape captured spans',
    });
  }));

for (const { damage, spoil, problem } of [
  {
    damage: 'truncated',
    spoil: (file: string) => truncateSync(file, 100),
    problem: /^not a Parquet file that can be read \(Invalid Input Error: .*\)$/,
  },
  {
    damage: 'foreign',
    spoil: (file: string) => writeFileSync(file, 'not Parquet'),
    problem: /^not a Parquet file that can be read \(Invalid Input Error: .*\)$/,
  },
] as const) {
  test(`a ${damage} segment is named by what needs it; the other tables answer`, async (t) => {
    const directory = await writeTinyTape(scratch(t), {
      kubernetes_objects: [{ time: '10:00:00', observed: 'listed', kind: 'Pod', name: 'a', object: '{}' }],
      losses: [],
    });
    const tape = await openTape(directory);
    const file = join(tape.directory, tape.manifest.tables.kubernetes_objects?.[0]?.path ?? '');
    spoil(file);
    const database = await TapeDatabase.open(tape, scratch(t));
    t.after(() => database.close());
    for (const name of ['kubernetes_objects', 'pods']) {
      await assert.rejects(
        () => database.rows(`FROM ${name}`),
        (error) => error instanceof InvalidFileError && error.file === file && problem.test(error.problem),
      );
    }
    assert.deepEqual(await database.rows('FROM losses'), []);
  });
}

test('a segment of another table is named with the column that gives it away', async (t) => {
  const directory = await writeTinyTape(scratch(t), {
    losses: [{ time: '10:00:00', until: '10:00:00', source: 'clock', reason: 'jump' }],
    recorder_health: [{ time: '10:00:00' }],
  });
  const { manifest, ...rest } = await openTape(directory);
  const tables = { losses: manifest.tables.recorder_health ?? [] };
  const database = await TapeDatabase.open({ ...rest, manifest: { ...manifest, tables } }, scratch(t));
  t.after(() => database.close());
  await assert.rejects(
    () => database.rows('FROM losses'),
    /parquet: it has no column until, which losses has$/,
  );
});

test('a later segment that is damaged is found when it is read', async (t) => {
  const directory = await writeTinyTape(scratch(t), {
    losses: [{ time: '10:00:00', until: '10:00:00', source: 'clock', reason: 'jump' }],
    recorder_health: [{ time: '10:00:00' }],
  });
  const { manifest, ...rest } = await openTape(directory);
  const [first = [], second = []] = Object.values(manifest.tables);
  const database = await TapeDatabase.open(
    { ...rest, manifest: { ...manifest, tables: { losses: [...first, ...second] } } },
    scratch(t),
  );
  t.after(() => database.close());
  await assert.rejects(
    () => database.rows('FROM losses'),
    (error) => error instanceof InvalidFileError && /recorder_health.*parquet$/.test(error.file),
  );
});

test('dropped packets are judged by the habits of the data plane that is told', async (t) => {
  const pod = (name: string, podIP: string): KubernetesObject => ({
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { nodeName: 'node-1' },
    status: { phase: 'Running', podIPs: [{ ip: podIP }] },
  });
  const policy: KubernetesObject = {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: 'blocks', namespace: 'shop' },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
  };
  const lists = ['Pod', 'Namespace', 'NetworkPolicy', 'Node', 'Service'].map((kind) => {
    return { time: '10:00:00', observed: 'listed', kind: `${kind}List`, api_version: 'v1' };
  });
  const objects = [
    { kind: 'Namespace', metadata: { name: 'shop' } },
    pod('web', '10.0.0.1'),
    pod('db', '10.0.0.2'),
    policy,
  ];
  const drop = {
    time: '10:00:20',
    reason: 'NETFILTER_DROP',
    source_address: '10.0.0.1',
    source_port: 40000,
    destination_address: '10.0.0.2',
    destination_port: 80,
    protocol: 'TCP',
    tcp_flags: 'SYN',
    segments: 1,
  };
  const tape = await openTape(
    await writeTinyTape(scratch(t), {
      kubernetes_objects: [...lists, ...objects.map((object) => observed('10:00:00', 'listed', object))],
      packet_drops: [drop],
      losses: [],
    }),
  );
  const verdicts = async (dataPlane: 'kubernetes' | 'cilium' | undefined) => {
    const database = await TapeDatabase.open(tape, scratch(t), dataPlane);
    t.after(() => database.close());
    return database.rows('SELECT verdict FROM policy_verdicts');
  };
  assert.deepEqual(await verdicts(undefined), [['allowed']]);
  assert.deepEqual(await verdicts('kubernetes'), [['allowed']]);
  // Cilium's address blocks never mean pods.
  assert.deepEqual(await verdicts('cilium'), [['denied']]);
});

test('a statement needs a value for each parameter', () =>
  withTinyTape({}, async (database) => {
    assert.deepEqual(await database.rows('SELECT $a || $b', { a: 'x', b: 'y', c: 'unused' }), [['xy']]);
    await assert.rejects(() => database.rows('SELECT $a || $b', { a: 'x' }), {
      message: 'the statement has the parameter $b and no value for it',
    });
  }));
