import { parentPort, workerData } from 'node:worker_threads';
import { readImport } from './read-import.ts';

/** The entry of the thread that reads one file: it answers with what the file says, or with the reason why it cannot be read. */
try {
  parentPort?.postMessage({ read: await readImport(workerData as Uint8Array) });
} catch (error) {
  const { name, message } = error as Error;
  parentPort?.postMessage({ error: { name, message } });
}
