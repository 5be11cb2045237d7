import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { type TinyTables, writeTinyTape } from '../../tiny_tape.js';
import { type Outcome, runCaptured } from '../cli/captured_terminal.js';
import { shareOf } from './share_of.js';

const KEY = '00112233445566778899aabbccddeeff'.repeat(2);

const TABLES: TinyTables = {
  spans: [
    {
      time: '10:00:01',
      row_id: 1,
      trace_id: 'a1'.repeat(16),
      span_id: 'b2'.repeat(8),
      name: 'GET /cart',
      kind: 'CLIENT',
      status_code: 'OK',
      duration_ns: 5_000_000n,
      service_name: 'checkout',
      http_route: '/cart/{id}',
      attributes: [
        ['http.route', '/cart/{id}'],
        ['customer.id', 'acme-17'],
        ['retries', '2'],
      ],
      attribute_types: 'ssi',
    },
  ],
  log_records: [
    {
      time: '10:00:02',
      severity_text: 'INFO',
      body: 'checkout sold to acme-17 from 10.1.2.3',
      body_type: 's',
      service_name: 'checkout',
    },
  ],
};

interface Shared extends Outcome {
  readonly directory: string;
  readonly out: string;
}

/** Shares a tape of these rows in a directory of the test's own, with the key above. */
async function share(t: TestContext, args: readonly string[], tables = TABLES): Promise<Shared> {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, tables);
  writeFileSync(join(directory, 'key'), KEY);
  const out = join(directory, 'out.tape.tar');
  const given = args.map((arg) => arg.replace('DIRECTORY', directory));
  const command = ['share', tape, '-o', out, '--key', join(directory, 'key'), ...given];
  return { ...(await runCaptured(command, { temporary: scratch(t) })), directory, out };
}

/** Rows of a shared tape; its words are numbered, so that one can see which are the same. */
async function numberedRows(t: TestContext, out: string, ...queries: readonly string[]): Promise<unknown> {
  const answers: unknown[] = [];
  for (const sql of queries) answers.push(await rowsOf(t, out, sql));
  const words = new Map<string, string>();
  const numbered = JSON.stringify(answers).replace(/[a-z]{16}/g, (word) => {
    words.set(word, words.get(word) ?? `WORD${words.size + 1}`);
    return words.get(word) ?? '';
  });
  return JSON.parse(numbered);
}

async function rowsOf(t: TestContext, out: string, sql: string): Promise<unknown> {
  const command = ['sql', out, sql, '--format', 'json'];
  const { status, stdout, stderr } = await runCaptured(command, { temporary: scratch(t) });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('a span and a log record, and what others are given', async (t) => {
  const { status, stderr, out, directory } = await share(t, []);
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /^searched \d+ bytes for \d+ names, addresses, ids and secrets of the original: none found\n/,
  );
  assert.equal(
    stderr.slice(stderr.indexOf('\n') + 1),
    `${out}: 2 rows\nThe private map, which must not be sent: ${directory}/out.map.json\n`,
  );
  assert.deepEqual(readdirSync(directory).sort(), ['key', 'out.map.json', 'out.tape.tar', 'tape']);
  assert.deepEqual(
    await numberedRows(
      t,
      out,
      'SELECT name, kind, service_name, http_route, duration_ns, attributes::VARCHAR AS attributes FROM spans',
      `SELECT service_name, severity_text, regexp_replace(body, '10[.0-9]+$', 'ADDRESS') AS body FROM log_records`,
    ),
    [
      [
        {
          name: 'GET /WORD1',
          kind: 'CLIENT',
          service_name: 'WORD2',
          http_route: '/WORD1/{id}',
          duration_ns: '5000000',
          attributes: "{http.route='/WORD1/{id}', WORD3.id=WORD4-17, retries=2}",
        },
      ],
      [{ service_name: 'WORD2', severity_text: 'INFO', body: 'WORD2 sold to WORD4-17 from ADDRESS' }],
    ],
  );
});

test('one key gives the same bytes again, another key others', async (t) => {
  const [one, again] = [await share(t, []), await share(t, [])];
  assert.deepEqual(readFileSync(again.out), readFileSync(one.out));
  const other = join(one.directory, 'other.tape.tar');
  const command = ['share', join(one.directory, 'tape'), '-o', other];
  assert.equal((await runCaptured(command, { temporary: scratch(t) })).status, 0);
  assert.notDeepEqual(readFileSync(other), readFileSync(one.out));
});

test('the private map is for its owner, and turns words back', async (t) => {
  const { out, directory } = await share(t, []);
  const map = join(directory, 'out.map.json');
  assert.equal(statSync(map).mode & 0o777, 0o600);
  const [record] = (await rowsOf(t, out, 'SELECT body FROM log_records')) as { body: string }[];
  const [span] = (await rowsOf(t, out, 'SELECT trace_id, span_id FROM spans')) as Record<string, string>[];
  const command = ['unmask', '--map', map];
  const surroundings = {
    temporary: scratch(t),
    input: `They say: ${record?.body}.\nIn ${span?.trace_id}/${span?.span_id}.\n`,
  };
  assert.deepEqual(await runCaptured(command, surroundings), {
    status: 0,
    stdout: `They say: checkout sold to acme-17 from 10.1.2.3.\nIn ${'a1'.repeat(16)}/${'b2'.repeat(8)}.\n`,
    stderr: '',
  });
});

test('with --dry-run nothing is written', async (t) => {
  const { status, stdout, stderr, out, directory } = await share(t, ['--dry-run', '--format', 'csv']);
  assert.equal(status, 0);
  assert.match(stderr, /: none found\n(.*): 2 rows; nothing written \(--dry-run\)\n$/);
  assert.ok(stderr.includes(`${out}: 2 rows`));
  assert.deepEqual(readdirSync(directory).sort(), ['key', 'tape']);
  assert.match(
    stdout,
    /^table,column,class,values,replaced,samples\r\n(?:.*\r\n)*spans,service_name,pseudonym,1,1,[a-z]{16}\r\n/,
  );
});

test('rules: left out, more names, words that stay', async (t) => {
  const directory = scratch(t);
  const rules = join(directory, 'rules.yaml');
  writeFileSync(
    rules,
    `
columns:
  spans.http_route: {class: drop}
attributes:
  http.route: {class: drop}
  customer.id: {class: keep, reason: the customer wants to be told}
names: [sold]
published:
  checkout: {reason: everybody has one}
  acme-17: {reason: as above}
`,
  );
  const { status, stderr, out } = await share(t, ['--rules', rules]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(
    await numberedRows(
      t,
      out,
      'SELECT service_name, http_route, attributes::VARCHAR AS attributes, attribute_types FROM spans',
      `SELECT regexp_replace(body, '10[.0-9]+$', 'ADDRESS') AS body FROM log_records`,
    ),
    [
      [
        {
          service_name: 'checkout',
          http_route: null,
          attributes: '{http.route=NULL, WORD1.id=acme-17, retries=2}',
          attribute_types: '-si',
        },
      ],
      [{ body: 'checkout WORD2 to acme-17 from ADDRESS' }],
    ],
  );
});

test('an attribute that may stay', async (t) => {
  const directory = scratch(t);
  const rules = join(directory, 'rules.yaml');
  writeFileSync(rules, 'attributes: {shelf: {class: keep, reason: it says where}}');
  const attributes = [['shelf', 'upper-left']] as const;
  const { status, stderr, out } = await share(t, ['--rules', rules], {
    spans: [{ time: '10:00:01', attributes, attribute_types: 's' }],
  });
  assert.equal(status, 0, stderr);
  assert.deepEqual(await rowsOf(t, out, `SELECT map_values(attributes) AS kept FROM spans`), [
    { kept: ['upper-left'] },
  ]);
});

test('only a part', async (t) => {
  const { status, stderr, out } = await share(t, ['--table', 'spans']);
  assert.equal(status, 0, stderr);
  assert.deepEqual(await rowsOf(t, out, 'SELECT count(*)::INT AS n FROM spans'), [{ n: 1 }]);
});

test('progress is for who watches', async (t) => {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, TABLES);
  const surroundings = { temporary: scratch(t), isWatched: true };
  const { stderr } = await runCaptured(['share', tape, '-o', join(directory, 'o.tape.tar')], surroundings);
  assert.match(
    stderr,
    /step 1 of 4: gathering names: 0 of 2 segments.*step 2 of 4: 2 of 2 segments rewritten.*step 3 of 4: searching what was written: .* of .* files read.*step 4 of 4: writing/s,
  );
});

test('a file that appears while it works is not replaced, and nothing else is left', async (t) => {
  const directory = scratch(t);
  const tape = await openTape(await writeTinyTape(directory, TABLES));
  const out = join(directory, 'out.tape.tar');
  const sharing = shareOf(tape, directory, scratch(t), (what) => {
    if (what.includes('private map')) writeFileSync(out, 'precious');
  });
  await assert.rejects(sharing, {
    message: `${out}: there is one already; give another --output, or remove it`,
  });
  assert.equal(readFileSync(out, 'utf8'), 'precious');
  assert.deepEqual(readdirSync(directory).sort(), ['out.tape.tar', 'tape']);
});

/** What is refused: what the test does to the tape or its surroundings, the options, and what is said. */
const REFUSED: readonly {
  readonly name: string;
  readonly args?: readonly string[];
  readonly spoil?: (directory: string) => void;
  readonly said: RegExp;
}[] = [
  {
    name: 'a file that is there already',
    spoil: (directory) => writeFileSync(join(directory, 'out.tape.tar'), 'precious'),
    said: /out\.tape\.tar: there is one already; give another --output, or remove it/,
  },
  {
    name: 'a map that is there already',
    spoil: (directory) => writeFileSync(join(directory, 'out.map.json'), 'precious'),
    said: /out\.map\.json: there is one already; give another --map, or remove it/,
  },
  {
    name: 'an option that is wrong, though there is a file already',
    args: ['--key', 'DIRECTORY/none'],
    spoil: (directory) => writeFileSync(join(directory, 'out.tape.tar'), 'precious'),
    said: /--key .*none: no such file or directory/,
  },
  {
    name: 'a namespace that is none',
    args: ['--namespace', 'shp'],
    said: /nothing of a namespace "shp"/,
  },
  {
    name: 'a missing segment',
    spoil: (directory) => rmSync(join(directory, 'tape', 'spans'), { recursive: true }),
    said: /spans\/node-1-.*\.parquet: missing, though tape\.json lists it/,
  },
  {
    name: 'a changed segment',
    spoil: (directory) => {
      const folder = join(directory, 'tape', 'spans');
      const file = join(folder, readdirSync(folder)[0] ?? '');
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    said: /spans\/node-1-.*\.parquet: /,
  },
  {
    name: 'a tape of a newer version',
    spoil: (directory) => changeManifest(directory, '"version": 1', '"version": 2'),
    said: /tape\.json: written in tape format 2; this ktape reads formats up to 1/,
  },
  {
    name: 'a table that nobody knows',
    spoil: (directory) => changeManifest(directory, '"tables": {', '"tables": {"gossip": [],'),
    said: /tape\.json: table gossip is not known/,
  },
  {
    name: 'a key that is none',
    args: ['--key', 'DIRECTORY/tape/tape.json'],
    said: /--key .*tape\.json: its \d+ bytes are no share key; expected 64 hexadecimal digits/,
  },
  {
    name: 'a signing key that is none',
    args: ['--sign', 'DIRECTORY/key'],
    said: /--sign .*key: not an Ed25519 private key/,
  },
  {
    name: 'a recipient that is none',
    args: ['--encrypt-to', 'age1me', '-o', 'DIRECTORY/out.tape.tar.age'],
    said: /--encrypt-to age1me: not an age recipient/,
  },
  {
    name: 'rules of unknown columns',
    args: ['--rules', 'DIRECTORY/rules.yaml'],
    spoil: (directory) => writeFileSync(join(directory, 'rules.yaml'), 'columns: {spans.nam: {class: drop}}'),
    said: /--rules .*rules\.yaml: columns: spans\.nam: no such column \(did you mean spans\.name\?\)/,
  },
];

function changeManifest(directory: string, from: string, to: string): void {
  const file = join(directory, 'tape', 'tape.json');
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(file, text.replace(from, to));
}

for (const { name, args = [], spoil = () => undefined, said } of REFUSED) {
  test(`refused, and nothing is left: ${name}`, async (t) => {
    const directory = scratch(t);
    const tape = await writeTinyTape(directory, TABLES);
    const out = join(directory, 'out.tape.tar');
    writeFileSync(join(directory, 'key'), KEY);
    spoil(directory);
    const before = readdirSync(directory).sort();
    const given = args.map((arg) => arg.replace('DIRECTORY', directory));
    const { status, stdout, stderr } = await runCaptured(['share', tape, '-o', out, ...given], {
      temporary: scratch(t),
    });
    assert.equal(status === 0, false);
    assert.match(stderr, said);
    assert.equal(stdout, '');
    assert.deepEqual(readdirSync(directory).sort(), before);
    if (existsSync(out)) assert.equal(readFileSync(out, 'utf8'), 'precious');
  });
}
