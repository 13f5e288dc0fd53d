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
  it('runs a key immediately after a quiet period, and once more for all changes in the meantime, separately from other keys', async () => {
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
    const errors: string[] = [];
    const run = async () => {
      began.push(performance.now());
      if (began.length === 1) await sleep(2 * pace.intervalMaxMs);
      ended.push(performance.now());
      if (began.length < 3) throw new Error('the database is away');
    };
    const coalescer = new Coalescer(pace, run, (key, { message }) => errors.push(`${key}: ${message}`));
    coalescer.changed('one');
    await waitFor(() => began.length === 3, { what: 'the run that does not fail' });
    await sleep(2 * pace.intervalMaxMs);
    expect(began).toHaveLength(3);
    const pauses = began.slice(1).map((at, place) => at - (ended[place] as number));
    // A timer may fire slightly early.
    expect(Math.min(...pauses)).toBeGreaterThan(pace.intervalMaxMs - 2);
    expect(errors).toEqual(['one: the database is away']);
  });

  it('never runs a key twice simultaneously, and lengthens the interval after a long run', async () => {
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
    // Four times the duration of a run is longer than the interval.
    expect(Math.min(...pauses)).toBeGreaterThan(100);
    // The interval is limited on any machine, to the maximum interval plus a run and the delay of a timer.
    expect(Math.max(...pauses)).toBeLessThan(1_000);
  });
});
