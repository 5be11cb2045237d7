import assert from 'node:assert/strict';
import { createWriteStream, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import parquet from 'parquetjs-lite';
import { pack } from 'tar-stream';
import { spans } from '../../../../src/schema/tables/spans.js';
import type { NotedPair } from '../../../../src/share/proof/identifiers/replaced.js';
import { leakText } from '../../../../src/share/proof/leak.js';
import { prove } from '../../../../src/share/proof/prove.js';
import { FileWriter } from '../../../../src/tape/parquet/file_writer.js';
import { Codec, Encoding, Type } from '../../../../src/tape/parquet/format.js';
import { schemaOf } from '../../../../src/tape/parquet/schema.js';
import { scratch } from '../../../scratch.js';
import { observed, type TinyTables, writeTinyTape } from '../../../tiny_tape.js';

/*
 * The scan is told of an original tape whose service is `checkout`, pod `checkout-7d9f-x2x9z` and so on, and looks at
 * files in which one of these was planted, each time in another place, by other writers than ktape's own.
 */

const TRACE = '5b8efff798038103d269b633813fc60c';
const SECRET = 'AKIAQWERTZUIOPASDFGH';
const PUBLISHED = new Set(['service.name', 'http.route', 'type', 'error.type', 'GET', 'kube-system']);

const ORIGINAL: TinyTables = {
  spans: [
    {
      time: '10:00:01',
      trace_id: TRACE,
      span_id: 'eee19b7ec3c1b174',
      name: 'PlaceOrder',
      service_name: 'checkout',
      k8s_pod_name: 'checkout-7d9f-x2x9z',
      k8s_namespace_name: 'shop',
      attributes: [['customer.tier', 'platinum-eu']],
    },
  ],
  packet_drops: [{ time: '10:00:02', reason: 'NETFILTER_DROP', source_address: '10.0.1.12' }],
  kubernetes_objects: [
    observed('10:00:00', 'listed', {
      kind: 'Pod',
      metadata: {
        name: 'checkout-7d9f-x2x9z',
        namespace: 'shop',
        uid: '0f4bba6c-9a40-4f21-9b1f-2a45a3ef1b7f',
      },
      spec: { nodeName: 'worker-eu-1', containers: [{ name: 'ui' }] },
      status: { podIP: '10.0.1.12' },
    }),
  ],
};

const NOTED: readonly NotedPair[] = [
  ['[key]', SECRET, 'secret'],
  ['bakoludemifasuro', 'checkout', 'name'],
];

/** Columns of a Parquet file to be written, one row. */
type Row = Readonly<Record<string, string>>;

test('a tape in which nothing is left has no leak', async (t) => {
  const shared = await written(
    t,
    `SELECT 'bakoludemifasuro' AS service_name, 'nothing was found in time' AS status_message`,
  );
  assert.deepEqual(await leaksIn(t, shared), []);
});

test('planted values are found, each where it is', async (t) => {
  const cases: readonly [row: Row, expected: string][] = [
    [
      { service_name: 'checkout' },
      'spans.service_name, row group 0, page: a name of 8 characters that should read bakoludemifasuro',
    ],
    [
      { status_message: 'cannot reach checkout in time' },
      'spans.status_message, row group 0, page: a name of 8',
    ],
    [{ status_message: 'upper CHECKOUT case' }, 'spans.status_message, row group 0, page: a name of 8'],
    [{ status_message: 'newCheckoutClient' }, 'spans.status_message, row group 0, page: a name of 8'],
    [{ status_message: 'xxcheckout-7d9f-x2x9zyy' }, 'spans.status_message, row group 0, page: a name of 19'],
    [{ status_message: `id=${TRACE}` }, 'spans.status_message, row group 0, page: an id of 32'],
    [{ status_message: TRACE.toUpperCase() }, 'spans.status_message, row group 0, page: an id of 32'],
    [
      { status_message: 'pod0f4bba6c_9a40_4f21_9b1f_2a45a3ef1b7f.slice' },
      'spans.status_message, row group 0, page: an id of 36',
    ],
    [{ status_message: 'dial 10.0.1.12:5432' }, 'spans.status_message, row group 0, page: an address of 9'],
    [{ status_message: 'ip-10-0-1-12.internal' }, 'spans.status_message, row group 0, page: an address of 9'],
    [
      { status_message: '12.1.0.10.in-addr.arpa' },
      'spans.status_message, row group 0, page: an address of 9',
    ],
    [
      { status_message: `{"a":{"b":["${SECRET}"]}}` },
      'spans.status_message, row group 0, page: a secret of 20',
    ],
    [
      {
        status_message: Buffer.from('see checkout-7d9f-x2x9z').toString('base64'),
      },
      'spans.status_message, row group 0, page: a name of 8',
    ],
    [{ status_message: 'q=%63heckout' }, 'spans.status_message, row group 0, page: a name of 8'],
    [{ status_message: '{"a":"\\u0063heckout"}' }, 'spans.status_message, row group 0, page: a name of 8'],
    [{ name: 'PlaceOrder' }, 'spans.name, row group 0, page: a name of 10'],
    [{ service_name: 'platinum-eu' }, 'spans.service_name, row group 0, page: a name of 11'],
    [{ checkout: '' }, 'column name: a name of 8'],
  ];
  for (const [row, expected] of cases) {
    const columns = Object.entries(row).map(([name, value]) => `'${value}' AS ${name}`);
    const found = await leaksIn(t, await written(t, `SELECT ${columns.join(', ')}`));
    assert.match(found.join('\n'), new RegExp(`^spans/s-1-1.parquet: ${expected}`, 'm'), JSON.stringify(row));
  }
});

test('a name is found whatever joins its parts, as a word', async (t) => {
  const said = async (text: string) => leaksIn(t, await written(t, `SELECT '${text}' AS status_message`));
  for (const text of ['WORKER_EU_1_HOST', 'workerEu1', 'checkout_7d9f_x2x9z', 'a worker.eu.1']) {
    assert.match((await said(text)).join(), /page: a name of/, text);
  }
  for (const text of ['worker eu 1', 'workereu12']) assert.deepEqual(await said(text), [], text);
});

test('a name that an attribute alone tells is found within texts and longer words', async (t) => {
  const attributes: [string, string][] = [
    ['container.image.name', 'shop-payments-image'],
    ['app.tenantId', 'globexcustomers'],
    ['cloud.account.id', 'acct-9x'],
    ['db.collection.name', 'baskets'],
    ['code.function.name', 'process_order_item'],
    ['messaging.operation.name', 'publish-all-items'],
    ['http.host', '/shop-path-of-host'],
    ['app.note', 'nothing-special'],
    ['k8s.cluster.name', 'kube-system'],
  ];
  const rows = [['a.b', 'c-d-e-f-g-h'] as const, ...attributes].map((attribute, i) => ({
    time: `10:00:0${i}`,
    name: 'x',
    attributes: [['first.key', 'some-first-value'], attribute] as [string, string][],
  }));
  const original = await writeTinyTape(
    scratch(t),
    { spans: [...rows, { time: '10:00:11', name: 'y' }] },
    { node: 'n' },
  );
  const leaks = async (text: string) => {
    const shared = await written(t, `SELECT '${text}' AS status_message`);
    const published = (word: string) => PUBLISHED.has(word);
    return (await prove({ shared, original, noted: () => [], published, threads: 1 })).leaks.map(
      ({ sample }) => sample,
    );
  };
  for (const [text, length] of [
    ['pulled shop-payments-image:v7', 19],
    ['pulled xshop-payments-imagex', 19],
    ['SHOP_PAYMENTS_IMAGE_HOST', 19],
    ['of the Globexcustomers', 15],
  ] as const) {
    const found = await leaks(text);
    assert.ok(found.length > 0 && found.every((sample) => sample === `a name of ${length} characters`), text);
  }
  const silent =
    'acct-9x baskets process_order_item publish-all-items nothing-special kube-system shop-path-of-host some-first-value';
  assert.deepEqual(await leaks(silent), []);
});

test('a name that a label alone tells is found in texts', async (t) => {
  const flows = [{ time: '10:00:01', source_labels: ['k8s:app=basket', 'reserved:world', 'k8s:empty='] }];
  const original = await writeTinyTape(scratch(t), { flows }, { node: 'n' });
  const shared = await written(t, `SELECT 'the world of basket' AS status_message`);
  const { leaks } = await prove({ shared, original, noted: () => [], published: () => false, threads: 1 });
  assert.ok(leaks.length > 0);
  for (const { sample } of leaks) assert.equal(sample, 'a name of 6 characters');
});

test('a name in capitals may be words that say nothing without them', async (t) => {
  const original = await writeTinyTape(
    scratch(t),
    { spans: [{ time: '10:00:01', service_name: 'gRPC-Gateway' }] },
    { node: 'n' },
  );
  const leaks = async (text: string) => {
    const shared = await written(t, `SELECT '${text}' AS status_message`);
    const published = (word: string) => ['grpc', 'gateway'].includes(word);
    return (await prove({ shared, original, noted: () => [], published, threads: 1 })).leaks;
  };
  for (const text of ['no answer of the grpc-gateway', 'shop-grpc-gateway-7'])
    assert.deepEqual(await leaks(text), [], text);
  for (const text of ['no answer of the gRPC-Gateway', 'GRPC-GATEWAY'])
    assert.ok((await leaks(text)).length > 0, text);
});

test('a label of published words may stay', async (t) => {
  const leaks = async (label: string) => {
    const original = await writeTinyTape(
      scratch(t),
      { flows: [{ time: '10:00:01', source_labels: [label] }] },
      { node: 'n' },
    );
    const shared = await written(t, `SELECT ['${label}'] AS source_labels`, PLAIN, 'flows');
    const published = (text: string) => text === 'app.example/pod-name' || text === 'redis';
    return (await prove({ shared, original, noted: () => [], published, threads: 1 })).leaks;
  };
  assert.deepEqual(await leaks('k8s:app.example/pod-name=redis-0'), []);
  for (const label of ['k8s:app.example/pod-name=basket', 'k8s:acme/pod-name=redis-0', 'acme:redis'])
    assert.ok((await leaks(label)).length > 0, label);
});

test("words of SQL, of the kernel and of the manifest are nobody's, whatever is called so", async (t) => {
  const names = ['order', 'nft_do_chain', 'architecture', 'recording'];
  const original = await writeTinyTape(
    scratch(t),
    {
      spans: names.map((service_name) => ({ time: '10:00:01', name: 'x', service_name })),
      packet_drops: [{ time: '10:00:02', location: 'nft_do_chain' }],
    },
    { node: 'n' },
  );
  const leaks = async (text: string) => {
    const shared = await written(t, `SELECT '${text}' AS db_query_text`);
    writeFileSync(join(shared, 'tape.json'), JSON.stringify({ architecture: 'x64', state: 'recording' }));
    return (await prove({ shared, original, noted: () => [], published: () => false, threads: 1 })).leaks.map(
      leakText,
    );
  };
  for (const text of ['SELECT x ORDER BY y', 'select x order  by y', 'in nft_do_chain'])
    assert.deepEqual(await leaks(text), [], text);
  for (const text of ['SELECT x FROM order', 'pre-order by y', 'order bypass'])
    assert.match((await leaks(text)).join(), /db_query_text, row group 0, page: a name of 5/, text);
});

test('what is behind the numbers of a page is looked at', async (t) => {
  const shared = await written(t, `SELECT 1 AS flags`);
  const { flags } = spans.columns;
  const writer = new FileWriter();
  writer.begin();
  const stored = Buffer.concat([Buffer.of(1, 0, 0, 0), Buffer.from('checkout')]);
  const page = { isDictionary: false, values: 1, encoding: Encoding.PLAIN, size: stored.length, stored };
  const chunk = {
    codec: Codec.UNCOMPRESSED,
    values: 1,
    nulls: undefined,
    extremes: undefined,
    pages: [page],
  };
  writer.chunk(chunk, ['flags'], Type.INT32);
  writer.endGroup(1);
  const schema = schemaOf({ ...spans, columns: { flags: { ...flags, nullable: false } } });
  writeFileSync(join(shared, 'spans/s-1-1.parquet'), writer.end(schema, 1));
  assert.deepEqual(await leaksIn(t, shared), [
    'spans/s-1-1.parquet: spans.flags, row group 0, unaccounted bytes: a name of 8 characters that should read bakoludemifasuro',
  ]);
});

test('an address that means the same everywhere may be a value', async (t) => {
  const rows = `SELECT MAP {'type': 'fe80::1'} AS attributes`;
  const original: TinyTables = {
    spans: [{ time: '10:00:01', name: 'x', attributes: [['type', 'fe80::1']] }],
  };
  const shared = await written(t, rows);
  const directory = await writeTinyTape(scratch(t), original, { node: 'worker-eu-1' });
  const published = (text: string) => PUBLISHED.has(text);
  const { leaks } = await prove({ shared, original: directory, noted: () => [], published, threads: 1 });
  assert.deepEqual(leaks, []);
});

test('attribute keys and lists are looked at', async (t) => {
  const shared = await written(
    t,
    `SELECT MAP {'checkout.id': 'x'} AS attributes, ['a', 'checkout'] AS destination_labels`,
  );
  assert.deepEqual(await leaksIn(t, shared), [
    'spans/s-1-1.parquet: spans.attributes, row group 0, statistics: a name of 8 characters that should read bakoludemifasuro',
    'spans/s-1-1.parquet: spans.destination_labels, row group 0, statistics: a name of 8 characters that should read bakoludemifasuro',
    'spans/s-1-1.parquet: spans.attributes, row group 0, page: a name of 8 characters that should read bakoludemifasuro',
    'spans/s-1-1.parquet: spans.destination_labels, row group 0, page: a name of 8 characters that should read bakoludemifasuro',
  ]);
});

test('a dictionary entry that no row uses is looked at', async (t) => {
  const rows = `SELECT CASE WHEN i < 1000 THEN 'aaaaaaaa' ELSE 'checkout' END AS scope_name FROM range(2000) r(i)`;
  const shared = await written(t, rows);
  const file = join(shared, 'spans/s-1-1.parquet');
  patch(file, (bytes) => {
    // Of the runs "1000 times entry 0, 1000 times entry 1" the second one becomes entry 0 too.
    const runs = Buffer.from([0xd0, 0x0f, 0x00, 0xd0, 0x0f, 0x01]);
    assert.ok(bytes.includes(runs));
    bytes[bytes.indexOf(runs) + runs.length - 1] = 0;
    overwrite(bytes, footerOf(bytes), 'checkout', 'aaaaaaaa');
  });
  assert.deepEqual(await leaksIn(t, shared), [
    'spans/s-1-1.parquet: spans.scope_name, row group 0, dictionary: a name of 8 characters that should read bakoludemifasuro',
  ]);
});

test('statistics, key-value metadata and created_by are looked at', async (t) => {
  const statistics = await written(t, `SELECT 'aaaaaaaa' AS scope_name`);
  patch(join(statistics, 'spans/s-1-1.parquet'), (bytes) => {
    overwrite(bytes, footerOf(bytes), 'aaaaaaaa', 'checkout');
  });
  assert.deepEqual(await leaksIn(t, statistics), [
    'spans/s-1-1.parquet: spans.scope_name, row group 0, statistics: a name of 8 characters that should read bakoludemifasuro',
  ]);
  const pairs = await written(t, `SELECT 1 AS flags`, `${PLAIN}, KV_METADATA {origin: 'checkout'}`);
  assert.match(
    (await leaksIn(t, pairs)).join(),
    /^spans.s-1-1.parquet: key-value metadata: a name of 8[^,]+$/,
  );
  const creator = await written(t, `SELECT 1 AS flags`);
  patch(join(creator, 'spans/s-1-1.parquet'), (bytes) => bytes.write('checkout ', bytes.indexOf('DuckDB')));
  assert.match((await leaksIn(t, creator)).join(), /^spans.s-1-1.parquet: created_by: a name of 8[^,]+$/);
});

test('bytes that belong to no page are looked at', async (t) => {
  const shared = await written(t, `SELECT 1 AS flags`);
  const file = join(shared, 'spans/s-1-1.parquet');
  const bytes = readFileSync(file);
  const at = footerOf(bytes);
  writeFileSync(file, Buffer.concat([bytes.subarray(0, at), Buffer.from('checkout'), bytes.subarray(at)]));
  assert.match(
    (await leaksIn(t, shared)).join(),
    /^spans.s-1-1.parquet: unaccounted bytes: a name of 8[^,]+$/,
  );
});

test('the manifest and names of files are looked at', async (t) => {
  const manifest = await written(t, `SELECT 1 AS flags`);
  writeFileSync(join(manifest, 'tape.json'), JSON.stringify({ nodes: [{ name: 'worker-eu-1' }] }));
  assert.deepEqual(await leaksIn(t, manifest), ['tape.json: file: a name of 11 characters']);
  const named = await written(t, `SELECT 1 AS flags`);
  renameSync(join(named, 'spans/s-1-1.parquet'), join(named, 'spans/worker-eu-1-1-1.parquet'));
  assert.deepEqual(await leaksIn(t, named), ['spans/…: file name: a name of 11 characters']);
});

test('headers of an archive are looked at', async (t) => {
  const archive = join(scratch(t), 'shared.tape.tar');
  const tar = pack();
  tar.entry({ name: 'tape.json', uname: 'checkout' }, '{}');
  tar.entry({ name: 'checkout.json' }, '{}');
  tar.finalize();
  await pipeline(tar, createWriteStream(archive));
  assert.deepEqual(await leaksIn(t, archive), [
    'tape.json: archive header: a name of 8 characters that should read bakoludemifasuro',
    '…: file name: a name of 8 characters that should read bakoludemifasuro',
  ]);
});

test('threads that share the work find the same', async (t) => {
  const shared = await written(
    t,
    `SELECT 'checkout' AS service_name, 'dial 10.0.1.12' AS status_message, '${TRACE}' AS trace_id`,
  );
  const expected = await leaksIn(t, shared);
  assert.equal(expected.length, 6);
  assert.deepEqual((await leaksIn(t, shared, undefined, 2)).sort(), expected.sort());
});

test('what a thread cannot read is an error that names the file', async (t) => {
  const shared = await written(t, `SELECT 1 AS flags`);
  writeFileSync(join(shared, 'spans/s-1-1.parquet'), 'junk that is no Parquet file');
  await assert.rejects(() => leaksIn(t, shared, undefined, 2), {
    name: 'KtapeError',
    message: 'spans/s-1-1.parquet: not a Parquet file: it does not end in PAR1',
  });
});

test('it is told how many files are done, and nothing is left of what went to disk', async (t) => {
  const shared = await written(t, `SELECT '${TRACE}' AS trace_id`);
  const original = await writeTinyTape(scratch(t), ORIGINAL, { node: 'worker-eu-1' });
  const temporary = scratch(t);
  const told: string[] = [];
  const { leaks } = await prove({
    shared,
    original,
    temporary,
    noted: () => [],
    published: () => false,
    progress: (done, all) => told.push(`${done} of ${all}`),
  });
  // Three segments of the original, then two files; these once more, to say where the id is.
  assert.deepEqual(
    told,
    Array.from({ length: 7 }, (_, i) => `${i + 1} of 7`),
  );
  assert.deepEqual(readdirSync(temporary), []);
  assert.deepEqual([...new Set(leaks.map(({ kind }) => kind))], ['id']);
});

test('a column that the rules let stay is not looked at', async (t) => {
  const shared = await written(t, `SELECT 'checkout' AS service_name`);
  assert.deepEqual(await leaksIn(t, shared, new Set(['spans.service_name'])), []);
  assert.notDeepEqual(await leaksIn(t, shared, new Set(['spans.name'])), []);
});

test('short names are looked for as whole values of columns and fields that hold names, and nowhere else', async (t) => {
  const object = (name: string) =>
    JSON.stringify({
      kind: 'Pod',
      spec: { containers: [{ name }] },
      note: 'a ui',
    });
  const found = await written(t, `SELECT '${object('ui')}' AS object`, PLAIN, 'kubernetes_objects');
  assert.match(
    (await leaksIn(t, found)).join(),
    /kubernetes_objects.object, row group 0, page: a name of 2 char/,
  );
  assert.deepEqual(await leaksIn(t, await written(t, `SELECT 'the ui is slow' AS status_message`)), []);
  assert.deepEqual(
    await leaksIn(t, await written(t, `SELECT '${object('x')}' AS object`, PLAIN, 'kubernetes_objects')),
    [],
  );
});

test('compressed pages are looked at, whatever their sizes, and one that is damaged is an error', async (t) => {
  const sizes = { status_message: 100_000, url_path: 100, http_route: 1_000_000, scope_name: 1000 };
  const columns = Object.entries(sizes).map(
    ([column, size]) => `repeat('x', ${size}) || ' checkout ' || repeat('y', ${size}) AS ${column}`,
  );
  const shared = await written(t, `SELECT ${columns}`, ', COMPRESSION zstd');
  const inPages = (await leaksIn(t, shared)).filter((leak) => leak.includes(', page: a name of 8'));
  assert.equal(inPages.length, columns.length);
  patch(join(shared, 'spans/s-1-1.parquet'), (bytes) => {
    // The number with which what is compressed begins.
    bytes[bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))] = 0;
  });
  await assert.rejects(() => leaksIn(t, shared), {
    name: 'InvalidFileError',
    message: /^spans.s-1-1.parquet: column status_message: a page cannot be decompressed: it is not ZSTD/,
  });
});

test('files of another writer are read as well', async (t) => {
  const shared = await written(t, `SELECT 1 AS flags`);
  const schema = new parquet.ParquetSchema({
    status_message: { type: 'UTF8', optional: true },
  });
  const writer = await parquet.ParquetWriter.openFile(schema, join(shared, 'spans/s-1-1.parquet'));
  await writer.appendRow({ status_message: 'cannot reach checkout' });
  await writer.close();
  assert.match((await leaksIn(t, shared)).join('\n'), /spans.status_message, row group 0, page: a name of 8/);
});

/** What the scan says of a shared tape, line by line. */
async function leaksIn(
  t: TestContext,
  shared: string,
  kept?: ReadonlySet<string>,
  threads = 1,
): Promise<string[]> {
  const original = await writeTinyTape(scratch(t), ORIGINAL, {
    node: 'worker-eu-1',
  });
  const published = (text: string) => PUBLISHED.has(text);
  const noted = () => NOTED;
  const { leaks } = await prove({
    shared,
    original,
    noted,
    published,
    threads,
    ...(kept && { kept }),
  });
  return leaks.map(leakText);
}

/** How DuckDB is to write: without compression, so that what was written can be changed. */
const PLAIN = ', COMPRESSION uncompressed';

/** A shared tape with one file, written by DuckDB. */
async function written(t: TestContext, select: string, options = PLAIN, table = 'spans'): Promise<string> {
  const shared = scratch(t);
  mkdirSync(join(shared, table));
  writeFileSync(join(shared, 'tape.json'), '{}');
  const connection = await (await DuckDBInstance.create()).connect();
  const file = join(shared, table, 's-1-1.parquet');
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet${options})`);
  connection.closeSync();
  return shared;
}

function patch(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

/** Writes one word over another of its length, wherever that stands from `start` on. */
function overwrite(bytes: Buffer, start: number, word: string, by: string): void {
  for (let at = bytes.indexOf(word, start); at >= 0; at = bytes.indexOf(word, at)) bytes.write(by, at);
}

/** Where the footer of a Parquet file begins. */
function footerOf(bytes: Buffer): number {
  return bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
}
