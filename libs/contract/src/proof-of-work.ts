import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { ProofOfWork } from './problems.ts';

/** So many hashes in one go: about 10 ms of a phone, after which the page has its turn. */
const HASHES_IN_ONE_GO = 1_024;

/**
 * Solves a proof of work: the value of the header `proof-of-work`, `<challenge>.<nonce>`, whose SHA-256 begins with `difficulty` zero bits.
 * Takes 2^difficulty hashes on average. Lets other work of the page run in between; not slowed in a tab in the background, as timers are.
 */
export async function solveProofOfWork({ challenge, difficulty }: ProofOfWork): Promise<string> {
  const begun = sha256.create().update(utf8ToBytes(`${challenge}.`));
  const state = begun.clone();
  const digest = new Uint8Array(sha256.outputLen);
  const head = new DataView(digest.buffer);
  const turns = new MessageChannel();
  turns.port1.start();
  const turn = () =>
    new Promise<unknown>((resolve) => {
      turns.port1.addEventListener('message', resolve, { once: true });
      turns.port2.postMessage(null);
    });
  try {
    for (let number = 0; ; number++) {
      const nonce = number.toString(36);
      begun._cloneInto(state).update(utf8ToBytes(nonce)).digestInto(digest);
      if (Math.clz32(head.getUint32(0)) >= difficulty) return `${challenge}.${nonce}`;
      if (number % HASHES_IN_ONE_GO === HASHES_IN_ONE_GO - 1) await turn();
    }
  } finally {
    turns.port1.close();
  }
}
