import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '../support/index.ts';
import { type MutantName, mutants } from './mail/mutants.ts';
import { type FaultName, faultNames, quick, runMailFaults } from './mail/run.ts';

/** Two seeds that together have every fault, each in a run on separate servers. */
const SEEDS = [3, 37];
/** The number of runs that a mutant gets until one of them finds it. */
const shown: Record<MutantName, FaultName[]> = {
  'mark-before-send': ['both workers killed', 'worker killed'],
  'outbox-outside': ['claimer killed', 'claimer killed', 'claimer killed', 'claimer killed'],
  'random-message-id': [],
  'dedupe-by-job-id': ['Redis flushed', 'Redis flushed', 'Redis flushed', 'Redis flushed'],
};

beforeAll(() => {
  if (!existsSync('dist/built.json')) throw new Error('The workers run from the build: npm run build.');
});

describe('the messages of the outbox', () => {
  it('arrive with any fault on their way, and arrive twice only when a killed worker was sending them', async () => {
    const outcomes = await Promise.all(SEEDS.map((seed) => runMailFaults({ seed, extent: quick })));
    expect(outcomes.flatMap(({ faults }) => faults).sort()).toEqual([...faultNames].sort());
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ missing: 0, foreign: 0, isPassed: true });
      expect(outcome.expected).toBeGreaterThan(quick.people * 0.9);
    }
  });

  it('do not when a line that guarantees it is removed', async () => {
    // A few people are enough, because a mutant fails at once or never. The mail server is so slow that every fault affects several
    // messages that are being sent.
    const extent = { ...quick, people: 200, sinkSlowMs: 60, healedWithinMs: 3_000 };
    const names = Object.keys(mutants) as MutantName[];
    const outcomes = await Promise.all(
      names.map(async (mutant) => {
        const database = await createTestDatabase();
        const { isPassed } = await runMailFaults({
          seed: 1,
          extent,
          mutant,
          only: shown[mutant],
          databaseUrl: database.url,
        });
        await database.drop();
        return [mutant, isPassed];
      }),
    );
    expect(outcomes).toEqual(names.map((mutant) => [mutant, false]));
  });
});
