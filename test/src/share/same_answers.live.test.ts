import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { labFile } from '../../../fixtures/lab/files.js';
import { labUnavailable, startLab } from '../../../fixtures/lab/lab.js';
import { startRecorder } from '../../../fixtures/lab/recorder.js';
import { readScenario } from '../../../fixtures/lab/scenario.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { samePolicies, sameRows, share } from './same_answers.js';

/** Questions that a recording of this scenario must answer. */
const ANSWERED = [
  'network/dropped_by_policy',
  'network/drops',
  'traces/slow_spans',
  'policy_verdicts',
  'pod_cgroups',
];

test('every question has the same answer on what was recorded just now and on what is shared of it', async (t) => {
  if (skippedLive(t, labUnavailable())) return;
  const directory = scratch(t);
  const recorded = join(directory, 'recorded.tape');
  const heard: string[] = [];
  const scenario = readScenario(labFile('scenarios/checkout-outage.yaml'));
  const lab = await startLab({ log: (line) => heard.push(line), objects: scenario.objects });
  try {
    const endRecording = await startRecorder(lab, recorded, (line) => heard.push(line));
    await lab.play(scenario);
    await endRecording();
  } catch (error) {
    t.diagnostic(heard.join('\n'));
    throw error;
  } finally {
    await lab.stop();
  }
  const tape = await share(recorded, directory);
  const rows = await sameRows(tape, directory);
  assert.deepEqual(
    ANSWERED.filter((question) => !rows.get(question)),
    [],
  );
  assert.ok((await samePolicies(tape, directory, [8080, 50051])) > 0);
});
