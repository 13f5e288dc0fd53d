import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '../../../test/support/wait-for.ts';
import { Coalescer } from './coalescer.ts';

/** The error callback of runs that must not fail. */
const never = (_: string, error: Error) => {
  throw error;
};
const pace = { intervalMs: 50, intervalMaxMs: 200 };

describe('a coalescer', () => {
  it('runs a key at once after a quiet time, and once more for all changes meanwhile, apart from other keys', async () => {
    const runs: string[] = [];
    const coalescer = new Coalescer(pace, (key) => runs.push(key), never);
    for (let change = 0; change < 10; change++) coalescer.changed('one');
    coalescer.changed('other');
    expect(runs).toEqual(['one', 'other']);
    await waitFor(() => runs.length === 3, { what: 'the last state' });
    await sleep(120);
    expect(runs).toEqual(['one', 'other', 'one']);
  });

  it('retries a failed run after a pause, and reports its error once', async () => {
    const began: number[] = [];
    const ended: number[] = [];
    const faults: string[] = [];
    const run = async () => {
      began.push(performance.now());
      if (began.length === 1) await sleep(2 * pace.intervalMaxMs);
      ended.push(performance.now());
      if (began.length < 3) throw new Error('the database is away');
    };
    const coalescer = new Coalescer(pace, run, (key, { message }) => faults.push(`${key}: ${message}`));
    coalescer.changed('one');
    await waitFor(() => began.length === 3, { what: 'the run that does not fail' });
    await sleep(2 * pace.intervalMaxMs);
    expect(began).toHaveLength(3);
    const pauses = began.slice(1).map((at, place) => at - (ended[place] as number));
    // A timer may be a moment early.
    expect(Math.min(...pauses)).toBeGreaterThan(pace.intervalMaxMs - 2);
    expect(faults).toEqual(['one: the database is away']);
  });

  it('never runs a key twice at once, and stretches the interval after a long run', async () => {
    const began: number[] = [];
    let running = 0;
    const coalescer = new Coalescer(
      pace,
      async () => {
        began.push(performance.now());
        running += 1;
        expect(running).toBe(1);
        // Uses the processor, as writing to thousands of sockets does.
        for (const until = performance.now() + 30; performance.now() < until; );
        await sleep(0);
        running -= 1;
      },
      never,
    );
    const changes = setInterval(() => coalescer.changed('one'), 1);
    await waitFor(() => began.length === 4, { what: 'four runs' });
    clearInterval(changes);
    coalescer.close();
    const pauses = began.slice(1).map((at, place) => at - (began[place] as number));
    // Four times what a run takes is more than the interval.
    expect(Math.min(...pauses)).toBeGreaterThan(100);
    // And it is bounded, whatever the machine does: the bound, a run, and a timer that is late.
    expect(Math.max(...pauses)).toBeLessThan(1_000);
  });
});
