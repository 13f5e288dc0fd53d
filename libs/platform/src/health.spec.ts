import { describe, expect, it } from '@jest/globals';
import { type HealthCheck, PartError, readiness, warnOfParts } from './health.ts';

const well: HealthCheck = { name: 'database', check: async () => {} };
const failing = (error: Error, more: Partial<HealthCheck> = {}): HealthCheck => ({
  name: 'redis',
  check: () => Promise.reject(error),
  ...more,
});

describe('readiness', () => {
  it('is ok if each part is, and away for a part that does not report an error code', async () => {
    expect(await readiness([well])).toEqual({ status: 'ok', parts: { database: 'ok' } });
    expect(await readiness([well, failing(new Error('ECONNREFUSED 10.0.0.1:6379'))])).toEqual({
      status: 'unavailable',
      parts: { database: 'ok', redis: 'away' },
    });
  });

  it('reports the error code of a part, and is degraded if the app serves without that part', async () => {
    const full = new PartError('full', 'redis.internal is full');
    expect(await readiness([well, failing(full)])).toEqual({
      status: 'unavailable',
      parts: { database: 'ok', redis: 'full' },
    });
    expect((await readiness([failing(full, { degradesOnly: true })])).status).toBe('degraded');
    expect((await readiness([failing(new PartError('evicts', 'x', { degradesOnly: true }))])).status).toBe('degraded');
    const both = [failing(full, { degradesOnly: true }), failing(full, { name: 'relay' })];
    expect((await readiness(both)).status).toBe('unavailable');
  });
});

it('when an app starts, it logs one line for each part that does not work, with the message for the operator', async () => {
  const lines: unknown[] = [];
  const logger = { warn: (...line: unknown[]) => lines.push(line) } as never;
  await warnOfParts([well, failing(new PartError('old', 'run migrate'), { name: 'schema' })], logger);
  expect(lines).toEqual([
    [{ part: 'schema', state: 'old', error: 'run migrate' }, 'schema does not work; the app continues without it'],
  ]);
});
