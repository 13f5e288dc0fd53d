import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FRESH_MS, VersionedValue } from './versioned-value.ts';

const soon = () => new Promise((resolve) => setImmediate(resolve));

/** A source that answers when the test says so, and counts its reads. */
function source() {
  let version = 1;
  const looks: ((error?: Error) => void)[] = [];
  const asked = { versions: 0, builds: 0 };
  const value = new VersionedValue<string>({
    async version() {
      asked.versions += 1;
      const seen = String(version);
      await new Promise<void>((resolve, reject) => looks.push((error) => (error ? reject(error) : resolve())));
      return [seen];
    },
    async build([seen], before) {
      asked.builds += 1;
      return `${before?.value ?? ''}${seen}`;
    },
  });
  return {
    value,
    asked,
    change() {
      version += 1;
    },
    /** Let the look under way end. */
    async answer(error?: Error) {
      while (looks.length === 0) await soon();
      looks.shift()?.(error);
    },
  };
}

describe('a versioned value', () => {
  it('is looked at once for everybody who asks before the look begins, and then given for a while', async () => {
    const { value, asked, answer } = source();
    const first = [value.read(), value.read(), value.read()];
    await answer();
    expect(await Promise.all(first)).toEqual(['1', '1', '1']);
    expect(await value.read()).toBe('1');
    expect(asked).toEqual({ versions: 1, builds: 1 });
  });

  it('is looked at again after that while, and built again only where its version changed', async () => {
    const { value, asked, answer, change } = source();
    for (const told of ['1', '1', '12']) {
      if (told === '12') change();
      const read = value.read();
      await answer();
      expect(await read).toBe(told);
      await sleep(FRESH_MS + 1);
    }
    expect(asked).toEqual({ versions: 3, builds: 2 });
  });

  it('is looked at anew for whoever asks after it expired, also while a look is under way', async () => {
    const { value, change, answer, asked } = source();
    const early = value.read();
    await soon();
    change();
    value.expire();
    const late = [value.read(), value.read()];
    await answer();
    expect(await early).toBe('1');
    await answer();
    expect(await Promise.all(late)).toEqual(['12', '12']);
    expect(asked).toEqual({ versions: 2, builds: 2 });
  });

  it('is not given where it expired while the look that found it was under way', async () => {
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

  it('fails for everybody who waited for a look that failed, and is read by the next', async () => {
    const { value, answer } = source();
    const failing = [value.read(), value.read()];
    await answer(new Error('away'));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = value.read();
    await answer();
    expect(await next).toBe('1');
  });

  it('is built at most once in 50 ms, however often it changes and expires', async () => {
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
    // Timers of Node may end a millisecond early.
    for (const pause of pauses) expect(pause).toBeGreaterThan(48);
  });
});
