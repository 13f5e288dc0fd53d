import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { REFETCHES_PER_SECOND } from '#contract';

/** As many pages follow the largest event that we know of. */
export const PAGES = 5_000;
/** What they share of the machine's connections: pages keep theirs open from one call to the next. */
const CONNECTIONS_MAX = 500;
/** As long as a page waits at least, in milliseconds. */
const ASK_AFTER_MS = 250;
/** After an answer that does not show the change yet, or that was refused, a page asks again after so long, in milliseconds. */
const ASK_AGAIN_MS = 500;

/** What the pages found. */
export interface AllRight {
  /** From the moment that they heard of the change until the last of them showed it, in milliseconds. */
  ms: number;
  /** How many calls that took. */
  calls: number;
}

/**
 * So many pages hear at once that a Café changed: each asks for it at a random moment, as pages do (apps/web/src/shared/programme-changes.ts), until
 * it sees what `shows` says.
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
