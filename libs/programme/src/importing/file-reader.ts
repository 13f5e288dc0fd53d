import { Worker } from 'node:worker_threads';
import { type UnreadableCode, UnreadableDocument } from '../reading/unreadable.ts';
import type { ReadImport } from './imported.ts';
import { FILE_BYTES_MAX } from './read-import.ts';

/** How long reading one file may take, and how much memory its objects may use. A file that needs more is not a programme. */
const READ_TIMEOUT_MS = 20_000;
const HEAP_MB_MAX = 512;
/** How many files one process reads at once, and how many may wait for that. */
const READERS_MAX = 2;
const WAITING_MAX = 20;

/** Thrown where too many files wait to be read. */
export class ReaderBusy extends Error {
  override name = 'ReaderBusy';
}

interface Answer {
  read?: ReadImport;
  error?: { name: string; message: string; code: UnreadableCode };
}

/** Reads files in threads of their own, so that a hostile file stops neither the process nor the calls of others. */
export class FileReader {
  readonly #waiting: (() => void)[] = [];
  readonly #timeoutMs: number;
  #reading = 0;

  /** @param timeoutMs for tests: how long one file may take */
  constructor({ timeoutMs = READ_TIMEOUT_MS }: { timeoutMs?: number } = {}) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Reads a file.
   * @throws UnreadableDocument as `readImport`, and for a file that takes too much time or memory
   * @throws ReaderBusy where too many files wait
   */
  async read(bytes: Uint8Array): Promise<ReadImport> {
    if (bytes.length > FILE_BYTES_MAX)
      throw new UnreadableDocument(`The file is larger than ${FILE_BYTES_MAX / 1_000_000} MB.`, 'too-large');
    await this.#turn();
    try {
      return await this.#readInThread(bytes);
    } finally {
      this.#reading--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= WAITING_MAX) throw new ReaderBusy('too many files wait to be read');
    if (this.#reading >= READERS_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#reading++;
  }

  async #readInThread(bytes: Uint8Array): Promise<ReadImport> {
    // From the sources, Node runs the TypeScript of the thread as it does that of the process.
    const isSource = import.meta.url.endsWith('.ts');
    const worker = new Worker(new URL(isSource ? './read-worker.ts' : './read-worker.js', import.meta.url), {
      workerData: bytes,
      execArgv: isSource ? ['--conditions=source', '--no-warnings'] : [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
      stdout: true,
      stderr: true,
    });
    let timer: NodeJS.Timeout | undefined;
    try {
      const { read, error } = await new Promise<Answer>((resolve, reject) => {
        const tooMuch = (what: string) =>
          new UnreadableDocument(`The file needs too much ${what} to be read.`, 'too-much');
        timer = setTimeout(() => reject(tooMuch('time')), this.#timeoutMs);
        worker.once('message', resolve);
        worker.once('error', (failure: NodeJS.ErrnoException) =>
          reject(failure.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch('memory') : failure),
        );
        worker.once('exit', () => reject(tooMuch('memory')));
      });
      if (read) return read;
      if (error?.name === 'UnreadableDocument') throw new UnreadableDocument(error.message, error.code);
      // A reader that fails in another way does not know the file.
      throw new UnreadableDocument(`The file cannot be read: ${error?.message.slice(0, 200)}`);
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}
