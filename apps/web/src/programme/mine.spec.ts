import { describe, expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { mineIn } from './mine.ts';

const registration = (id: string, status: Registration['status'], cafeId = 'café') =>
  ({ id, status, cafeId }) as Registration;

describe('what a person has in a Café', () => {
  const given = registration('new', 'confirmed');

  it('is what the claim was answered with, until the list has it', () => {
    expect(mineIn('café', undefined, given)).toBe(given);
    expect(mineIn('café', [registration('before', 'cancelled')], given)).toBe(given);
    expect(mineIn('café', [registration('new', 'waitlisted')], given)?.status).toBe('waitlisted');
  });

  it.each(['cancelled', 'expired'] as const)('is nothing once the list says that it is %s', (status) => {
    expect(mineIn('café', [registration('new', status)], given)).toBeUndefined();
  });

  it('is nothing of another Café', () => {
    expect(mineIn('café', [registration('other', 'confirmed', 'elsewhere')])).toBeUndefined();
  });
});
