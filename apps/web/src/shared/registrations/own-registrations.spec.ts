import { describe, expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { clashesOf, guestsToConfirm, mineIn } from './own-registrations.ts';

const registration = (id: string, status: Registration['status'], cafeId = 'café') =>
  ({ id, status, cafeId }) as Registration;

describe('the registration of a person in a Café', () => {
  const given = registration('new', 'confirmed');

  it('is the answer to the claim until the list contains it', () => {
    expect(mineIn('café', undefined, given)).toBe(given);
    expect(mineIn('café', [registration('before', 'cancelled')], given)).toBe(given);
    expect(mineIn('café', [registration('new', 'waitlisted')], given)?.status).toBe('waitlisted');
  });

  it.each(['cancelled', 'expired'] as const)('is none if the list has it as %s', (status) => {
    expect(mineIn('café', [registration('new', status)], given)).toBeUndefined();
  });

  it('is not one of another Café', () => {
    expect(mineIn('café', [registration('other', 'confirmed', 'elsewhere')])).toBeUndefined();
  });
});

describe('a guest registration that another person made with the attendee’s address', () => {
  const span = { startsAt: '2026-06-02T10:00:00.000Z', endsAt: '2026-06-02T11:00:00.000Z' };
  const planted = { ...registration('planted', 'held', 'elsewhere'), ...span, guest: true } as Registration;

  it('clashes with no seat, and is not the attendee’s own', () => {
    expect(clashesOf({ ...span, id: 'café' }, [{ ...planted, guest: undefined }])).toHaveLength(1);
    expect(clashesOf({ ...span, id: 'café' }, [planted])).toEqual([]);
    expect(mineIn('elsewhere', [planted])).toBeUndefined();
  });

  it('can be confirmed until it ends', () => {
    expect(guestsToConfirm([planted, registration('own', 'confirmed')])).toEqual([planted]);
    expect(guestsToConfirm([{ ...planted, status: 'expired' }])).toEqual([]);
  });
});
