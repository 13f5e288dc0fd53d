import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FRESH_MS, VersionedValue } from './versioned-value.ts';

const soon = () => new Promise((resolve) => setImmediate(resolve));

/** A source that answers when the test decides, and counts its reads. */
function source() {
  let version = 1;
  const checks: ((error?: Error) => void)[] = [];
  const reads = { versions: 0, builds: 0 };
  const value = new VersionedValue<string>({
    async version() {
      reads.versions += 1;
      const seen = String(version);
      await new Promise<void>((resolve, reject) => checks.push((error) => (error ? reject(error) : resolve())));
      return [seen];
    },
    async build([seen], before) {
      reads.builds += 1;
      return `${before?.value ?? ''}${seen}`;
    },
  });
  return {
    value,
    reads,
    change() {
      version += 1;
    },
    /** Ends the check in progress. */
    async answer(error?: Error) {
      while (checks.length === 0) await soon();
      checks.shift()?.(error);
    },
  };
}

describe('a versioned value', () => {
  it('is checked once for all callers that ask before the check begins, and then returned for some time', async () => {
    const { value, reads, answer } = source();
    const first = [value.read(), value.read(), value.read()];
    await answer();
    expect(await Promise.all(first)).toEqual(['1', '1', '1']);
    expect(await value.read()).toBe('1');
    expect(reads).toEqual({ versions: 1, builds: 1 });
  });

  it('is checked again after that time, and built again only if its version changed', async () => {
    const { value, reads, answer, change } = source();
    for (const expected of ['1', '1', '12']) {
      if (expected === '12') change();
      const read = value.read();
      await answer();
      expect(await read).toBe(expected);
      await sleep(FRESH_MS + 1);
    }
    expect(reads).toEqual({ versions: 3, builds: 2 });
  });

  it('is checked again for a caller after it expired, also while a check is in progress', async () => {
    const { value, change, answer, reads } = source();
    const early = value.read();
    await soon();
    change();
    value.expire();
    const late = [value.read(), value.read()];
    await answer();
    expect(await early).toBe('1');
    await answer();
    expect(await Promise.all(late)).toEqual(['12', '12']);
    expect(reads).toEqual({ versions: 2, builds: 2 });
  });

  it('is not returned if it expired during the check that found it', async () => {
    const { value, change, answer } = source();
    const early = value.read();
    await soon();
    change();
    value.expire();
    await answer();
    await early;
    const late = value.read();
    await answer();
    expect(await late).toBe('12');
  });

  it('fails for all callers that waited for a failed check, and is read by the next', async () => {
    const { value, answer } = source();
    const failing = [value.read(), value.read()];
    await answer(new Error('away'));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = value.read();
    await answer();
    expect(await next).toBe('1');
  });

  it('is built at most once in 50 ms, whatever the number of changes and expiries', async () => {
    let version = 0;
    const builtAt: number[] = [];
    const value = new VersionedValue({
      version: async () => [String(version++)],
      build: async () => builtAt.push(performance.now()),
    });
    for (let times = 0; times < 5; times++) {
      value.expire();
      await value.read();
    }
    const pauses = builtAt.slice(1).map((at, before) => at - (builtAt[before] as number));
    // Timers of Node may fire a millisecond early.
    for (const pause of pauses) expect(pause).toBeGreaterThan(48);
  });
});
