import { expect, it } from '@jest/globals';
import { lastValueFrom, of } from 'rxjs';
import { CheckInAnswer } from '#contract';
import { AnswerCheck } from './answer-check.ts';

const id = '0199a0f3-7c1b-7d3e-8f00-0123456789ab';
const at = '2035-01-01T08:00:00.000Z';
const registration = { id, cafeId: id, eventId: id, status: 'confirmed', createdAt: at, startsAt: at, endsAt: at };

it('returns an answer of the declared schema unchanged, and throws an error for any other answer', async () => {
  const check = new AnswerCheck('POST /check-ins', CheckInAnswer);
  const answered = (answer: unknown) => lastValueFrom(check.intercept({} as never, { handle: () => of(answer) }));
  const known = { result: 'checked-in', registration };
  expect(await answered(known)).toBe(known);
  await expect(answered({ result: 'another-planet', registration })).rejects.toThrow(
    'the answer of POST /check-ins is not as declared: result',
  );
  await expect(answered(undefined)).rejects.toThrow('is not as declared');
});
