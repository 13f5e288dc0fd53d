import { parentPort, workerData } from 'node:worker_threads';
import type { UnreadableDocument } from '../reading/unreadable.ts';
import { readImport } from './read-import.ts';

/** The entry of the thread that reads one file: it answers with what the file says, or with the reason why it cannot be read. */
try {
  parentPort?.postMessage({ read: await readImport(workerData as Uint8Array) });
} catch (error) {
  const { name, message, code } = error as UnreadableDocument;
  parentPort?.postMessage({ error: { name, message, code } });
}
