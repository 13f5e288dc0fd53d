import { describe, expect, it } from '@jest/globals';
import { batchLoader } from './batch-loader.ts';

describe('keys that are loaded in batches', () => {
  it('are loaded in one call when they arrive in the same turn, and when they arrive during a call', async () => {
    const calls: number[][] = [];
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const double = batchLoader<number, number>(
      async (keys) => {
        calls.push([...keys]);
        if (calls.length === 1) await held;
        return keys.map((key) => key * 2);
      },
      { batchMax: 3 },
    );
    const first = [double(1), double(2)];
    await new Promise((resolve) => setImmediate(resolve));
    const later = [3, 4, 5, 6].map(double);
    go();
    expect(await Promise.all([...first, ...later])).toEqual([2, 4, 6, 8, 10, 12]);
    expect(calls).toEqual([[1, 2], [3, 4, 5], [6]]);
  });

  it('fail only with their own call', async () => {
    const odd = batchLoader<number, number>(
      async (keys) => {
        if (keys.includes(2)) throw new Error('two');
        return [...keys];
      },
      { batchMax: 1 },
    );
    const [one, two, three] = await Promise.allSettled([odd(1), odd(2), odd(3)]);
    expect([one?.status, two?.status, three?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fail alone when the value is an error', async () => {
    const odd = batchLoader<number, number>(async (keys) => keys.map((key) => (key === 2 ? new Error('two') : key)), {
      batchMax: 10,
    });
    const [one, two] = await Promise.allSettled([odd(1), odd(2)]);
    expect([one?.status, two?.status]).toEqual(['fulfilled', 'rejected']);
  });
});
