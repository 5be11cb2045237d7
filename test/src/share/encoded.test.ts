import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { scratch } from '../../scratch.js';
import { observed, type TinyRow, type TinyTables, writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

/*
 * A tape knows these; its texts say them in other forms. The search for leaks, which undoes forms by itself, must find
 * nothing in what is shared.
 */
const ADDRESS = '10.0.1.12';
const ADDRESS_V6 = '2001:db8:7::12';
const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';
const UID = '0f4bba6c-9a40-4f21-9b1f-2a45a3ef1b7f';
const HOST = 'ledger.zorgblat.internal';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hexadecimal = (text: string) => Buffer.from(text).toString('hex');
/** Every character escaped, as over-careful clients do it. */
const escaped = (text: string) => hexadecimal(text).replace(/../g, '%$&');
const escapedDigits = (text: string) => text.replace(/\d/g, '%3$&');
const unicode = (text: string) => hexadecimal(text).replace(/../g, '\\u00$&');
const backslashed = (text: string) => hexadecimal(text).replace(/../g, '\\x$&');

/** What programs say; behind the arrow what may be shared, with `<…>` for what is another word, id or address. */
const LINES: readonly (readonly [line: string, shared: string])[] = [
  [
    `upstream answered 502, body ${base64(`dial tcp ${ADDRESS}:5432: connect: connection refused`)} (base64)`,
    'upstream answered 502, body [encoded]== (base64)',
  ],
  [`x-debug: ${base64(JSON.stringify({ trace: TRACE, retries: 2 }))}`, 'x-debug: [encoded]='],
  [`binary header ${base64(`grpc-trace-bin ${SPAN}!`)} kept`, 'binary header [encoded]= kept'],
  [`payload=${hexadecimal(`peer ${ADDRESS_V6} gone`)} dumped`, 'payload=[encoded] dumped'],
  [
    `GET /login?next=http%3A%2F%2F${ADDRESS}%3A8080%2Fcart 302`,
    'GET /login?next=http%3A%2F%2F<>%3A8080%2Fcart 302',
  ],
  [`GET /probe?target=${escaped(ADDRESS)} 400`, 'GET [encoded] 400'],
  [`retry of baggage%253Dtrace%253D${TRACE}%252C1`, 'retry of [encoded]'],
  [`callback=https%3A%2F%2Fledger%2Ezorgblat%2Einternal%2Fpaid`, '[encoded]'],
  [`event {"peer":"${unicode(ADDRESS)}","code":7}`, 'event {"peer":"[encoded]","code":7}'],
  [String.raw`event {"uid":"\u0030${UID.slice(1)}"}`, 'event {"uid":"[encoded]"}'],
  [String.raw`request: "{\x22span\x22:\x22${SPAN}\x22}"`, String.raw`request: "{\x22span\x22:\x22<>\x22}"`],
  [
    `client ${backslashed(ADDRESS)} sent a plain request to a TLS port`,
    'client [encoded] sent a plain request to a TLS port',
  ],
  [`removed /kubepods/besteffort/pod${UID}/cpu.max`, 'removed /kubepods/besteffort/pod<>/cpu.max'],
  [
    `Created slice kubepods-besteffort-pod${UID.replaceAll('-', '_')}.slice.`,
    'Created slice kubepods-besteffort-pod<>_<>_<>_<>_<>.slice.',
  ],
  [`x${SPAN}ms 0x${SPAN} uid${UID}x`, 'x<>ms 0x<> uid<>x'],
  ['progress 100%ab, newCartServiceClientFactory, https%3A%2F%2Fkubernetes.default.svc%2Fhealthz', ''],
  [`GET /users/${base64(`bob@${HOST}`)}/orders 200`, 'GET /users/[encoded]/orders 200'],
  [`queue-${hexadecimal(`bob@${HOST}`)}_7 is full`, 'queue-[encoded]_7 is full'],
  [`GET /users/${base64('bob of nowhere')}/orders, GET /api/CartServiceClientFactory/7`, ''],
  [`loopback ${base64('listening on 127.0.0.1:8080, ready')}`, ''],
];

const KNOWN: TinyRow = {
  time: '10:00:01',
  trace_id: TRACE,
  span_id: SPAN,
  name: 'GET',
  server_address: HOST,
  k8s_pod_uid: UID,
};

const tablesWith = (spans: readonly TinyRow[], more: TinyTables = {}): TinyTables => ({
  spans: [KNOWN, ...spans],
  packet_drops: [ADDRESS, ADDRESS_V6].map((source_address) => ({
    time: '10:00:02',
    reason: 'NETFILTER_DROP',
    source_address,
  })),
  ...more,
});

/** Rows of what is shared of a tape; nothing is written if the search for leaks finds anything. */
async function sharedRows(t: TestContext, tables: TinyTables, sql: string) {
  const temporary = scratch(t);
  const out = join(temporary, 'out.tape.tar');
  const tape = await writeTinyTape(temporary, tables);
  const { status, stderr } = await runCaptured(['share', tape, '-o', out], { temporary });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /: none found\n/);
  const { stdout } = await runCaptured(['sql', out, sql, '--format', 'json'], { temporary });
  return JSON.parse(stdout) as readonly Readonly<Record<string, string>>[];
}

/** Asserts that a text is the expected one, in which `<>` stands for another id, address or word. */
function assertShared(text: string, expected: string, original: string): void {
  const parts = expected.split('<>').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  assert.match(text, new RegExp(`^${parts.join('[0-9a-z.:-]+')}$`), original);
  assert.ok(expected === original || text !== original, original);
}

test('bodies of log records', async (t) => {
  const log_records = LINES.map(([body], i) => ({ time: `10:00:${10 + i}`, body, body_type: 's' }));
  const rows = await sharedRows(
    t,
    tablesWith([], { log_records }),
    'SELECT body FROM log_records ORDER BY time',
  );
  for (const [i, [line, shared]] of LINES.entries()) assertShared(rows[i]?.body ?? '', shared || line, line);
});

test('attributes: URLs, headers, and values of which nothing is known', async (t) => {
  const values: readonly (readonly [key: string, value: string, shared: string])[] = [
    [
      'url.full',
      `https://login.test/?next=http%3A%2F%2F${ADDRESS}%2F`,
      'https://<>.test/?<>=http%3A%2F%2F<>%2F',
    ],
    ['url.path', `/peers/${escapedDigits(ADDRESS)}/status`, '/<>/<>/status'],
    [
      'http.target',
      `/peers/${ADDRESS.replaceAll('.', '%2E')}?trace=%35${TRACE.slice(1)}`,
      '/<>/10%<>%<>%<>?trace=%<>',
    ],
    ['peer', escapedDigits(ADDRESS), '<>'],
    ['grpc-trace', base64(`span ${SPAN}`), '<>'],
    ['log.note', `seen ${base64(`peer ${ADDRESS_V6} gone`)} twice`, '<> <> <>'],
    ['exception.message', `bad header ${base64(`{"uid":"${UID}"}`)}`, 'bad header [encoded]=='],
  ];
  const attributes = values.map(([key, value]) => [key, value] as const);
  const span = { ...KNOWN, attributes, attribute_types: 's'.repeat(values.length) };
  const list = 'SELECT unnest(map_values(attributes)) AS value FROM spans WHERE cardinality(attributes) > 0';
  const rows = await sharedRows(t, tablesWith([span]), list);
  for (const [i, [, value, shared]] of values.entries()) assertShared(rows[i]?.value ?? '', shared, value);
});

test('annotations of objects', async (t) => {
  const annotations = {
    'mesh.test/peers': escapedDigits(ADDRESS),
    'mesh.test/state': base64(JSON.stringify({ uid: UID, address: ADDRESS })),
    'mesh.test/last': `pushed ${base64(`config to ${ADDRESS_V6}`)} and then left`,
    'mesh.test/nested': JSON.stringify({ last: `from ${unicode(ADDRESS)} at noon today` }),
  };
  const pod = {
    kind: 'Pod',
    metadata: { name: 'ledger-0', namespace: 'bank', uid: UID, annotations },
    status: { podIP: ADDRESS },
  };
  const kubernetes_objects = [observed('10:00:00', 'listed', pod)];
  const [row] = await sharedRows(
    t,
    tablesWith([], { kubernetes_objects }),
    'SELECT object FROM kubernetes_objects',
  );
  const { metadata } = JSON.parse(row?.object ?? '');
  const [peers = '', state = '', last = '', nested = ''] = Object.values<string>(metadata.annotations);
  assertShared(peers, '<>', annotations['mesh.test/peers']);
  assertShared(state, '<>=', annotations['mesh.test/state']);
  assertShared(last, 'pushed [encoded] and then left', annotations['mesh.test/last']);
  assertShared(nested, '{"<>":"from [encoded] at noon today"}', annotations['mesh.test/nested']);
});
