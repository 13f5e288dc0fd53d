import { describe, expect, it } from '@jest/globals';
import { MailError } from '#mail';
import { LeasedByOtherWorker, pauseAfter } from './retries.ts';

describe('the pause before another attempt', () => {
  const busy = new MailError('451 later', 'busy');
  const away = new MailError('refused', 'connection');

  it('grows with each attempt up to its maximum, by the kind of error', () => {
    const pauses = (error: Error) => [1, 2, 3, 4, 20].map((attempt) => pauseAfter(error, attempt, 1));
    expect(pauses(busy)).toEqual([5_000, 10_000, 20_000, 40_000, 900_000]);
    expect(pauses(away)).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
    expect(pauses(new LeasedByOtherWorker())).toEqual([2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(pauses(new Error('the database is away'))).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
  });

  it('is random up to its half, so that attempts are not simultaneous', () => {
    expect([pauseAfter(away, 1, 0), pauseAfter(away, 1, 0.5)]).toEqual([500, 750]);
  });
});
