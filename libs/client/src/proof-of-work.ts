import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { ProofOfWork } from '#contract';

/** The hashes that are computed before other work of the page runs: about 10 ms on a phone. */
const HASHES_AT_ONCE = 1_024;

/**
 * Solves a proof of work. Returns the value of the header `proof-of-work`: `<challenge>.<nonce>`, whose SHA-256 begins with `difficulty` zero
 * bits. Computes 2^difficulty hashes on average, and lets other work of the page run in between.
 */
export async function solveProofOfWork({ challenge, difficulty }: ProofOfWork): Promise<string> {
  const begun = sha256.create().update(utf8ToBytes(`${challenge}.`));
  const state = begun.clone();
  const digest = new Uint8Array(sha256.outputLen);
  const head = new DataView(digest.buffer);
  for (let number = 0; ; number++) {
    const nonce = number.toString(36);
    begun._cloneInto(state).update(utf8ToBytes(nonce)).digestInto(digest);
    if (Math.clz32(head.getUint32(0)) >= difficulty) return `${challenge}.${nonce}`;
    if (number % HASHES_AT_ONCE === HASHES_AT_ONCE - 1) await otherWork();
  }
}

/** Resolves after other work of the page (or of Node) has run. Uses a message between two ports, because browsers delay timers of hidden pages. */
function otherWork(): Promise<unknown> {
  const { setImmediate } = globalThis as { setImmediate?: (run: (value?: unknown) => void) => void };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  const turn = new Promise<void>((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
  });
  port1.start();
  port2.postMessage(null);
  return turn;
}
