import { threadId, workerData } from 'node:worker_threads';
import { serve } from '../../threads/serve.js';
import { Sharer } from './sharer.js';

serve(new Sharer(workerData, String(threadId)));
