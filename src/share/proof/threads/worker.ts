import { workerData } from 'node:worker_threads';
import { serve } from '../../../threads/serve.js';
import { Searcher } from './searcher.js';

serve(new Searcher(workerData));
