import { expect, it } from '@jest/globals';
import { RepeatGuard } from './repeat-guard.ts';

it('a ticket that stays in front of the camera counts once, and again after a pause', () => {
  const guard = new RepeatGuard();
  const seen = [0, 120, 3_900, 7_800, 11_900].map((now) => guard.isNew('a ticket', now));
  expect(seen).toEqual([true, false, false, false, true]);
});

it('two tickets in the picture count once each, although the camera reads them in turn', () => {
  const guard = new RepeatGuard();
  const seen = [];
  for (let now = 0; now < 20_000; now += 120)
    for (const text of ['one', 'two']) if (guard.isNew(text, now)) seen.push(text);
  expect(seen).toEqual(['one', 'two']);
});
