import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import zstd from '@foxglove/wasm-zstd';
import { tableFromIPC } from '@uwdata/flechette';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

await zstd.isLoaded;

const compressors = { ZSTD: (input: Uint8Array, size: number) => zstd.decompress(input, size) };

const SPAN = {
  time: '2026-11-22T10:00:20.123456789Z',
  row_id: 2n ** 64n - 1n,
  name: 'GET "cart", quickly',
  status_code: 'OK',
  attributes: [
    ['http.route', '/cart'],
    ['é', '1'],
  ],
  attribute_types: 'si',
} as const;

async function exported(t: TestContext, format: string, ...options: readonly string[]) {
  const directory = scratch(t);
  const tape = await writeTinyTape(directory, { spans: [SPAN], losses: [] });
  const output = join(directory, 'out');
  const args = ['export', format, tape, '-o', output, ...options];
  const { stderr } = await runCaptured(args, { temporary: directory });
  return { said: stderr, file: (name: string) => readFile(join(output, name)), output };
}

test('Parquet has the rows of a table in one file, times as asked for', async (t) => {
  const { said, file, output } = await exported(t, 'parquet', '--time', 'us-utc');
  assert.equal(
    said,
    'spans: 1 row in spans.parquet; 1 of its times cut to microseconds\nlosses: 0 rows in losses.parquet\n',
  );
  assert.deepEqual((await readdir(output)).sort(), ['losses.parquet', 'spans.parquet']);
  const bytes = (await file('spans.parquet')).buffer as ArrayBuffer;
  const time = parquetMetadata(bytes).schema.find(({ name }) => name === 'time');
  assert.deepEqual(time?.logical_type, { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' });
  const [row] = await parquetReadObjects({ file: bytes, compressors });
  assert.deepEqual(
    [row?.time, row?.row_id, row?.name, row?.parent_span_id],
    [new Date('2026-11-22T10:00:20.123Z'), 2n ** 64n - 1n, SPAN.name, null],
  );
  const whole = await exported(t, 'parquet', '--time', 'int64', '--table', 'spans');
  assert.equal(whole.said, 'spans: 1 row in spans.parquet\n');
  const [exact] = await parquetReadObjects({
    file: (await whole.file('spans.parquet')).buffer as ArrayBuffer,
    compressors,
  });
  assert.equal(exact?.time, 1_795_341_620_123_456_789n);
});

test('CSV has maps as JSON and quotes what needs it', async (t) => {
  const { file } = await exported(t, 'csv', '--table', 'spans');
  const [header = '', row = ''] = (await file('spans.csv')).toString().split('\n');
  assert.match(header, /^time,node,row_id,trace_id,/);
  assert.match(row, /^2026-11-22 10:00:20\.123456789,node-1,18446744073709551615,/);
  assert.ok(row.includes('"GET ""cart"", quickly"'));
  assert.ok(row.includes('"{""http.route"":""/cart"",""é"":""1""}"'));
});

test('Arrow has nanoseconds, 64-bit integers and maps as they are', async (t) => {
  const { file } = await exported(t, 'arrow', '--table', 'spans');
  const table = tableFromIPC(await file('spans.arrow'), { useBigInt: true, useMap: true });
  const [row] = table.toArray();
  assert.equal(table.numRows, 1);
  assert.deepEqual(
    [row?.node, row?.row_id, row?.name, row?.parent_span_id],
    ['node-1', 2n ** 64n - 1n, SPAN.name, null],
  );
  assert.deepEqual([...(row?.attributes ?? [])], SPAN.attributes);
  const time = table.schema.fields.find(({ name }) => name === 'time')?.type as {
    unit: number;
    timezone: unknown;
  };
  assert.deepEqual([time.unit, time.timezone], [3, null]);
  const { file: exact } = await exported(t, 'arrow', '--table', 'spans', '--time', 'int64');
  const [numbers] = tableFromIPC(await exact('spans.arrow'), { useBigInt: true }).toArray();
  assert.equal(numbers?.time, 1_795_341_620_123_456_789n);
});

test('what cannot be exported is told', async (t) => {
  assert.match(
    (await exported(t, 'csv', '--table', 'span')).said,
    /--table span: not in this tape \(did you mean spans\?\)/,
  );
  assert.match((await exported(t, 'csv', '--time', 'ms')).said, /Allowed choices are ns, us-utc, int64/);
  const temporary = scratch(t);
  const args = ['export', 'arrow', join(repository, 'fixtures/tapes/checkout-outage.tape'), '-o', repository];
  assert.match((await runCaptured(args, { temporary })).stderr, /not empty \(it holds /);
});
