import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownLoader } from '../../../capture/probes/loader_process.js';
import { type ProbesOptions, startProbes } from '../../../capture/probes/probes.js';
import { scratch } from '../../scratch.js';

test('without the loader every probe fails with the reason, and nothing throws', async (t) => {
  const directory = scratch(t);
  const options: ProbesOptions = {
    loader: ownLoader(directory, ['packet_drops']),
    probes: ['packet_drops'],
    batchOf: () => assert.fail('no rows can come'),
    onLoss: () => assert.fail('no losses can be known'),
    onClockJump: () => assert.fail('no clock was read'),
  };
  const probes = startProbes(options);
  const failure = `${directory}/loader is not there: install clang and libbpf-dev, then run npm run build`;
  assert.deepEqual(await probes.ready, [{ probe: 'packet_drops', failure }]);
  assert.deepEqual(await probes.stop(), { failure, completeUntil: undefined });
});
