import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { tableNamed } from '../../../src/schema/tables/index.js';
import { ShareKey } from '../../../src/share/key.js';
import { PrivateMap, writeMap } from '../../../src/share/map_file.js';
import { NO_RULES } from '../../../src/share/rules.js';
import { shareTape } from '../../../src/share/share_tape.js';
import { unmasked } from '../../../src/share/unmask.js';
import { AttributesColumn, TextListColumn } from '../../../src/tape/columns/nested.js';
import { TextColumn } from '../../../src/tape/columns/text.js';
import { readParquet } from '../../../src/tape/parquet/read/read_parquet.js';
import { openTape, segmentFile, type Tape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { observed, type TinyRow, writeTinyTape } from '../../tiny_tape.js';
import { writeRandomTape } from './random_tape.js';

/*
 * What a vendor says in the words of a shared tape must come back. Here the vendor repeats every text of the shared tape, and
 * each must be the original again, but for secrets and what was cut: `[kind]`.
 */

const SEED = Number(process.env.KTAPE_COMES_BACK_SEED ?? Date.now() % 1_000_000);
const ROWS = 60;

/** Every text of a tape, with the place where it is; of lists and attributes each text by itself. */
async function textsOf(tape: Tape): Promise<(readonly [where: string, text: string])[]> {
  const texts: (readonly [string, string])[] = [];
  for (const [name, segments] of Object.entries(tape.manifest.tables)) {
    const table = tableNamed(name);
    assert.ok(table);
    for (const segment of segments) {
      const file = await segmentFile(tape, segment);
      for (const batch of readParquet(readFileSync(file), table, file)) {
        texts.push([`${name}.node`, batch.node]);
        for (const column of Object.keys(table.columns)) {
          for (const text of textsIn(batch.column(column))) texts.push([`${name}.${column}`, text ?? '']);
        }
      }
    }
  }
  return texts;
}

function textsIn(column: unknown): (string | null)[] {
  if (column instanceof TextColumn)
    return Array.from({ length: column.length }, (_, row) => column.value(row));
  if (column instanceof TextListColumn) return textsIn(column.items);
  return column instanceof AttributesColumn ? [column.keys, column.values].flatMap(textsIn) : [];
}

/** Shares a tape and turns each text of it back; fails with the first that is not what it was. Returns how many were others. */
async function assertAllComeBack(t: TestContext, path: string): Promise<number> {
  const temporary = scratch(t);
  const [directory, notes, map] = ['shared', 'notes', 'map'].map((name) => join(temporary, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [directory, notes]) mkdirSync(each);
  const tape = await openTape(path);
  const key = ShareKey.fresh();
  const shared = await shareTape(tape, {
    ...{ directory, notes, key, addresses: 'prefix', rules: NO_RULES, tool: 'ktape test' },
    progress: () => undefined,
  });
  await writeMap(map, { key, addresses: 'prefix' }, shared.notes);
  const [before, after] = [await textsOf(tape), await textsOf(await openTape(directory))];
  assert.equal(after.length, before.length);
  const SEPARATOR = '\n\u2028\n';
  const back = unmasked(after.map(([, text]) => text).join(SEPARATOR), new PrivateMap(map)).split(SEPARATOR);
  let others = 0;
  for (const [i, [where, original]] of before.entries()) {
    const [, text = ''] = after[i] ?? [];
    // One span id of two thousand is of digits alone, and then nobody knows it from any number.
    if (text === original || /^\d{16}$/.test(text)) continue;
    others++;
    assert.ok(
      isBack(withoutCalico(original), withoutCalico(back[i] ?? '')),
      `seed ${SEED}, ${where}\n${original}\n${text}\n${back[i]}`,
    );
  }
  return others;
}

/** Calico's selectors are written anew, and its orders set apart: neither is a word of anybody's. */
function withoutCalico(text: string): string {
  if (!/^\{.*"apiVersion":"projectcalico\.org/s.test(text)) return text;
  const isAnother = (key: string, value: unknown) =>
    key === 'order' || (typeof value === 'string' && /selector$/i.test(key));
  return JSON.stringify(JSON.parse(text), (key, value) => (isAnother(key, value) ? undefined : value));
}

/** Whether a text is the original but for what was cut of that: secrets, and literals of statements. */
function isBack(original: string, back: string): boolean {
  const kept = back.split(/\[[a-z-]+\]|\?/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${kept.join('.*')}$`, 's').test(original);
}

const word = fc.constantFrom(
  'ledger',
  'payments',
  'checkout',
  'fraud',
  'zorgblat',
  'acme',
  'eu',
  'blue',
  'api',
  'metrics',
  '7d9f',
);
const joined = (joiner: string, most: number) =>
  fc.array(word, { minLength: 1, maxLength: most }).map((words) => words.join(joiner));
const NAME = joined('-', 4);
/** With capitals too, as Cilium takes it, and too long for a port. */
const PORT_NAME = fc.oneof(
  joined('-', 2).filter((name) => name.length <= 15),
  joined('-', 2)
    .filter((name) => name.length <= 15)
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1)),
  joined('_', 2),
);
/** Of parts that each are known, with which it grows beyond what is allowed; and values that are none. */
const LABEL = fc.oneof(
  NAME,
  ...['-', '.', '_'].map((joiner) => joined(joiner, 9).filter((value) => value.length <= 63)),
  joined('-', 12),
  fc.constantFrom('Grüße', 'größe', 'a value!', '', 'true', 'x'.repeat(70)),
);
const KEY = fc.oneof(
  NAME,
  NAME.map((name) => `${name}.example.com/${name}`),
  joined('.', 9),
  joined('_', 9),
);
const DIGITS = fc.stringMatching(/^[1-9]\d{4,14}$/);
const NUMBER = fc.oneof(
  DIGITS,
  DIGITS.map((digits) => `-${digits}`),
  fc.constantFrom('4111111111111111', '5500005555555559'),
);
const ID = fc
  .constantFrom(16, 32, 64)
  .chain((length) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)));
const IPV4 = fc.tuple(fc.nat(99), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join('.')}`);
const IPV6 = fc
  .tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
  .map((groups) => `2001:db8:${groups.map((group) => group.toString(16)).join(':')}::1`);
const THING = fc.oneof(
  NAME,
  ID,
  fc.uuid(),
  IPV4,
  IPV6,
  NAME.map((name) => `${name}.shop.svc.cluster.local:8080`),
);
const SENTENCE = fc
  .array(fc.tuple(fc.constantFrom('from', 'no route to', 'is slow:', 'of', 'GET'), THING), {
    minLength: 3,
    maxLength: 6,
  })
  .map((parts) => parts.flat().join(' '));
const URL = fc
  .tuple(NAME, NAME, DIGITS)
  .map(([host, path, id]) => `https://${host}.shop:8443/api/${path}/${id}?q=${path}`);

const object = fc
  .record({ name: NAME, labels: fc.dictionary(KEY, LABEL, { maxKeys: 4 }), port: PORT_NAME, note: SENTENCE })
  .map(({ name, labels, port, note }) => [
    {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name, namespace: 'shop', labels, annotations: { 'ledger.example.com/note': note } },
      spec: {
        containers: [
          { name, image: `registry.example.com/${name}:v1`, ports: [{ name: port, containerPort: 80 }] },
        ],
      },
    },
    {
      kind: 'CiliumNetworkPolicy',
      apiVersion: 'cilium.io/v2',
      metadata: { name, namespace: 'shop' },
      spec: {
        endpointSelector: { matchLabels: labels },
        ingress: [{ toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }],
      },
    },
  ]);

const attributes = fc
  .record({ id: NUMBER, amount: DIGITS, url: URL, thing: THING, said: SENTENCE, key: KEY })
  .map(
    ({ id, amount, url, thing, said, key }): TinyRow => ({
      attributes: [
        ['user.id', id],
        ['enduser.account', `${amount}.5e3`],
        ['url.full', url],
        ['peer', thing],
        ['exception.message', said],
        [`${key}.count`, amount],
        ['context', JSON.stringify({ [key]: thing, member: { id: Number(amount) } })],
      ],
      attribute_types: 'idsssim',
    }),
  );

const label = fc.oneof(
  fc.tuple(KEY, LABEL).map(([key, value]) => `k8s:${key}=${value}`),
  IPV6.map((address) => `cidr:${address.replaceAll(':', '-')}/128`),
  IPV4.map((address) => `cidr:${address}/32`),
);

test(`whatever a share makes of a text, it comes back, seed ${SEED}`, async (t) => {
  const draw = <T>(of: fc.Arbitrary<T>, numRuns = ROWS) => fc.sample(of, { seed: SEED, numRuns });
  const time = '10:00:02';
  const path = await writeTinyTape(scratch(t), {
    spans: draw(fc.tuple(attributes, ID, NAME)).map(([more, id, name], i) => ({
      ...{
        time,
        row_id: i,
        name: `GET /${name}`,
        service_name: name,
        span_id: id.slice(0, 16),
        trace_id: id.repeat(2).slice(0, 32),
      },
      ...more,
    })),
    log_records: draw(SENTENCE).map((body) => ({ time, body, body_type: 's' })),
    flows: draw(fc.array(label, { maxLength: 3 })).map((source_labels) => ({
      time,
      tool: 'hubble',
      verdict: 'DROPPED',
      source_labels,
    })),
    kubernetes_objects: draw(object).flatMap((objects) =>
      objects.map((each) => observed(time, 'listed', each)),
    ),
    cgroups: draw(fc.uuid()).map((uid, i) => ({
      ...{ time, cgroup_id: BigInt(i + 1), pod_uid: uid },
      path: `/kubepods.slice/kubepods-besteffort-pod${uid.replaceAll('-', '_')}.slice`,
    })),
  });
  const others = await assertAllComeBack(t, path);
  assert.ok(others > 20 * ROWS, `${others} texts became others`);
});

test(`a cluster and its policies come back, seed ${SEED}`, async (t) => {
  assert.ok((await assertAllComeBack(t, await writeRandomTape(scratch(t), SEED))) > 50);
});
