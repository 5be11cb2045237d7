import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../until.js';
import { LabApi } from './lab_api.js';
import { Recording } from './recording.js';

/** Records a server that fails with one text after the other, and again from the first. */
async function failing(texts: readonly string[]) {
  const api = new LabApi();
  let next = 0;
  api.intercept = (_url, response) => {
    response.writeHead(500).end(JSON.stringify({ message: texts[next++ % texts.length] }));
    return true;
  };
  await api.start();
  return new Recording(api);
}

test('a notice is given once, and of many the newest are remembered', async () => {
  const few = await failing(['a', 'b']);
  await until('it has failed often', () => few.api.requests.length > 10);
  await few.end();
  assert.deepEqual(few.notices, ['the API server answered 500 a', 'the API server answered 500 b']);

  const many = await failing(Array.from({ length: 101 }, (_, i) => `${i}`));
  await until('it comes to the first again', () => many.notices.length > 101);
  await many.end();
  assert.equal(many.notices[101], 'the API server answered 500 0');
});

test('of a long text of the server the beginning is told', async () => {
  const recording = await failing(['x'.repeat(100_000)]);
  await until('it is told', () => recording.notices.length > 0);
  await recording.end();
  assert.equal(recording.notices[0], `the API server answered 500 ${'x'.repeat(500)}`);
  for (const { reason } of recording.gaps) assert.ok(reason.length < 600);
});
