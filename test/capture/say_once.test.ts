import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayingOnce } from '../../capture/say_once.js';

test('a line is said once; of very many the first are forgotten and said again', () => {
  const said: string[] = [];
  const say = sayingOnce((line) => said.push(line));
  for (const line of ['a', 'b', 'a', 'a']) say(line);
  assert.deepEqual(said, ['a', 'b']);
  for (let i = 0; i < 100; i++) say(String(i));
  say('a');
  assert.deepEqual([said.length, said.at(-1)], [103, 'a']);
});
