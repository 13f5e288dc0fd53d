import { describe, expect, it } from '@jest/globals';
import type { Registration } from '#contract';
import { askedWith, clashesOf, mineIn } from './own-registrations.ts';

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

describe('what a stranger claimed with the address of a person', () => {
  const span = { startsAt: '2026-06-02T10:00:00.000Z', endsAt: '2026-06-02T11:00:00.000Z' };
  const planted = { ...registration('planted', 'held', 'elsewhere'), ...span, guest: true } as Registration;

  it('stands in the way of nothing, and is no seat of theirs', () => {
    expect(clashesOf({ ...span, id: 'café' }, [{ ...planted, guest: undefined }])).toHaveLength(1);
    expect(clashesOf({ ...span, id: 'café' }, [planted])).toEqual([]);
    expect(mineIn('elsewhere', [planted])).toBeUndefined();
  });

  it('waits for their yes until it is over', () => {
    expect(askedWith([planted, registration('own', 'confirmed')])).toEqual([planted]);
    expect(askedWith([{ ...planted, status: 'expired' }])).toEqual([]);
  });
});
