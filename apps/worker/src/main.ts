import { runApp } from '#platform';
import { startWorker } from './worker.ts';

await runApp('worker', startWorker);
