import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { solveProofOfWork } from './proof-of-work.ts';

it.each([0, 1, 7, 8, 12])(
  'a proof for a difficulty of %i has a hash that begins with as many zero bits, and contains its challenge',
  async (difficulty) => {
    for (const challenge of ['a', 'x'.repeat(39), 'y'.repeat(100)]) {
      const proof = await solveProofOfWork({ challenge, difficulty });
      expect(proof).toMatch(new RegExp(`^${challenge}\\.[0-9a-z]+$`));
      const head = createHash('sha256').update(proof).digest().readUInt32BE();
      expect(Math.clz32(head)).toBeGreaterThanOrEqual(difficulty);
    }
  },
);

it('other work runs after every thousand hashes of a proof', async () => {
  let turns = 0;
  let solved = false;
  const run = () => {
    turns += 1;
    if (!solved) setImmediate(run);
  };
  run();
  const proof = await solveProofOfWork({ challenge: 'responsive-2', difficulty: 16 });
  solved = true;
  const hashes = Number.parseInt(proof.split('.')[1] as string, 36);
  expect(hashes).toBeGreaterThan(10_000);
  expect(turns).toBeGreaterThanOrEqual(Math.floor(hashes / 1_024));
});
