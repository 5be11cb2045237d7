import { join } from 'node:path';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { KtapeError, reasonOf } from '../../errors.js';
import { ShareKey } from '../key.js';
import { NotesFile } from '../notes.js';
import { ClusterFacts, type FactsData } from '../objects/cluster_facts.js';
import type { Rules } from '../rules.js';
import { Vocabulary } from '../words/vocabulary.js';
import { Words } from '../words/words.js';
import { Redactor } from './redactor.js';
import { type SegmentJob, SegmentSharer, type SharedSegment } from './segment_sharer.js';

/** What a worker is given at its start. */
export interface WorkerSetting {
  readonly directory: string;
  /** A directory for what was replaced, a file for each worker. */
  readonly notes: string;
  readonly key: string;
  readonly vocabulary: readonly string[];
  readonly facts: FactsData;
  readonly addresses: 'prefix' | 'opaque';
  readonly rules: Rules;
}

/** Why a job was not done. */
export interface Problem {
  readonly message: string;
  /** Whether the message alone tells what to do; else it is a defect, or one of the system. */
  readonly isForeseen: boolean;
  /** Of errors of the system, such as ENOSPC. */
  readonly code?: string;
}

/** A worker's answer to a job. */
export type WorkerAnswer = { readonly shared: SharedSegment } | { readonly problem: Problem };

const setting: WorkerSetting = workerData;
const vocabulary = new Vocabulary();
vocabulary.addAll(setting.vocabulary);
const notes = new NotesFile(join(setting.notes, `${threadId}.jsonl`));
const words = new Words({
  key: ShareKey.parse(setting.key, 'the key'),
  vocabulary,
  addresses: setting.addresses,
  note: notes.note,
  published: new Set(setting.rules.published),
});
const redactor = new Redactor(words, new ClusterFacts(setting.facts), setting.rules);
const sharer = new SegmentSharer(setting.directory, words, redactor, setting.rules);

parentPort?.on('message', async (job: SegmentJob) => {
  parentPort?.postMessage(await answerTo(job));
});

async function answerTo(job: SegmentJob): Promise<WorkerAnswer> {
  try {
    const shared = await sharer.share(job);
    notes.flush();
    return { shared };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof KtapeError) return { message: error.message, isForeseen: true };
  if (!(error instanceof Error)) return { message: reasonOf(error), isForeseen: false };
  if ('code' in error && typeof error.code === 'string') {
    return { message: error.message, isForeseen: false, code: error.code };
  }
  return { message: error.stack ?? error.message, isForeseen: false };
}
