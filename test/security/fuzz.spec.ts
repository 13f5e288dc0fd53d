import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fuzz } from './fuzz.ts';
import { type House, LONG, startHouse } from './house.ts';

const SEED = Number(process.env.SECURITY_SEED || 1);
const COUNT = Number(process.env.SECURITY_COUNT || (LONG ? 40_000 : 1_500));

let house: House;
beforeAll(async () => {
  house = await startHouse({});
});
afterAll(() => house?.stop());

describe('anything that can be sent', () => {
  it(`breaks nothing: ${COUNT} calls and ${COUNT / 10} live messages, seed ${SEED}`, async () => {
    expect(await fuzz(house, { seed: SEED, count: COUNT })).toEqual([]);
  });
});
