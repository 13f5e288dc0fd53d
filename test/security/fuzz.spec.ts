import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fuzz } from './fuzz.ts';
import { LONG, type SecurityStack, startSecurityStack } from './security-stack.ts';

const SEED = Number(process.env.SECURITY_SEED || 1);
const COUNT = Number(process.env.SECURITY_COUNT || (LONG ? 40_000 : 1_500));

let stack: SecurityStack;
beforeAll(async () => {
  stack = await startSecurityStack({});
});
afterAll(() => stack?.stop());

describe('any request', () => {
  it(`breaks nothing: ${COUNT} calls and ${COUNT / 10} live messages, seed ${SEED}`, async () => {
    expect(await fuzz(stack, { seed: SEED, count: COUNT })).toEqual([]);
  });
});
