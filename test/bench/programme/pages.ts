import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { REFETCHES_PER_SECOND } from '#contract';

/** The number of pages: as many as the largest known event has. */
export const PAGES = 5_000;
/** The number of connections that they share: pages keep theirs open between calls. */
const CONNECTIONS_MAX = 500;
/** The shortest wait of a page, in milliseconds. */
const ASK_AFTER_MS = 250;
/** The pause of a page after an answer without the change, or after a refusal, in milliseconds. */
const ASK_AGAIN_MS = 500;

/** The results of the pages. */
export interface AllRight {
  /** The time from the announcement of the change until the last page had it, in milliseconds. */
  ms: number;
  /** The number of calls of all pages. */
  calls: number;
}

/**
 * A number of pages learn at the same time that a Café changed. Each reads it at a random moment, as real pages do
 * (apps/web/src/shared/programme-changes.ts), until `shows` is true.
 */
export async function learnOfChange(url: string, shows: (answer: unknown) => boolean): Promise<AllRight> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  const heardAt = performance.now();
  const withinMs = (PAGES / REFETCHES_PER_SECOND) * 1_000;
  let calls = 0;
  async function page(): Promise<void> {
    await sleep(ASK_AFTER_MS + Math.random() * withinMs);
    for (;;) {
      calls += 1;
      const answer = await get(url, agent).catch(() => undefined);
      if (answer !== undefined && shows(answer)) return;
      await sleep(ASK_AGAIN_MS);
    }
  }
  await Promise.all(Array.from({ length: PAGES }, page));
  agent.destroy();
  return { ms: Math.round(performance.now() - heardAt), calls };
}

/** The JSON of an answer; undefined for any status but 200. */
function get(url: string, agent: http.Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve(answer.statusCode === 200 ? JSON.parse(Buffer.concat(parts).toString()) : undefined);
        });
      })
      .on('error', reject);
  });
}
