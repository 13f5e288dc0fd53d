import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { qrTextOf } from '../../../test/support/png.ts';
import { openTickets, qrCodePng, qrCodeSvg } from './index.ts';

const SECRET = 'a secret of thirty-two characters';
const seat = {
  registrationId: '01a20b7e-760d-7f6c-8c8c-1999dc5a0a1a',
  cafeId: '01a20b7e-760b-743e-bc7b-1c99d05743ad',
  endsAt: '2026-11-25T14:30:00.000Z',
};
/** Signed with this secret before tickets contained the number of their key. */
const OLD =
  'AQGiC352DX9sjIwZmdxaChoBogt-dgt0Prx7HJnQV0OtAcio9hTKwFZ9sYhxOuQl87Q_N1DOnmbKURbSQNd2afmgeCGiw7TN4bT22WN_G8TAq2J7dNdwRewLtxXPoqM0ILFqbQk';
const tickets = openTickets(SECRET);
const ticket = tickets.ticketFor(seat);

describe('a ticket', () => {
  it('contains its registration, Café and end of validity, and fits into a small QR code', () => {
    expect(tickets.read(ticket)).toEqual({
      registrationId: seat.registrationId,
      cafeId: seat.cafeId,
      validUntil: new Date('2026-11-26T02:30:00.000Z'),
    });
    expect(ticket.length).toBeLessThan(150);
    expect(qrCodeSvg(ticket, '<A & B>')).toContain('<title>&lt;A &amp; B></title>');
  });

  it('can be read from its picture, whatever its content', () => {
    for (let count = 0; count < 25; count++) {
      const text = tickets.ticketFor({ ...seat, registrationId: randomUUID() });
      expect(qrTextOf(qrCodePng(text))).toBe(text);
    }
  });

  it('is verified with the public keys alone', () => {
    const bytes = Buffer.from(ticket, 'base64url');
    const [body, signature] = [bytes.subarray(0, 38), bytes.subarray(38)];
    const jwk = tickets.publicKeys.find(({ kid }) => kid === String(body[1]));
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    expect(verify(null, body, key, signature)).toBe(true);
    expect(verify(null, Buffer.concat([body.subarray(0, 37), Buffer.from([9])]), key, signature)).toBe(false);
    expect(JSON.stringify(tickets.publicKeys)).not.toContain('"d"');
  });

  it('is refused if it was changed, is of another installation, or is not a ticket', () => {
    const foreign = openTickets('another secret of enough letters..').ticketFor(seat);
    const flipped = Buffer.from(ticket, 'base64url');
    flipped[1] = 0;
    const wrong = [foreign, `B${ticket.slice(1)}`, flipped.toString('base64url'), '', 'x', `${ticket}=`, `${ticket} `];
    for (const text of [...wrong, ticket.slice(2), 'é'.repeat(40), ticket + ticket]) {
      expect(tickets.read(text)).toBeUndefined();
    }
  });
});

describe('another key', () => {
  it('signs from now on; tickets of the previous key stay valid while it is listed', () => {
    const both = openTickets(SECRET, [2, 1]);
    expect(both.publicKeys.map(({ kid }) => kid)).toEqual(['2', '1']);
    expect(both.read(ticket)).toBeDefined();
    const fresh = both.ticketFor(seat);
    expect(tickets.read(fresh)).toBeUndefined();
    expect(both.read(fresh)).toBeDefined();
    const only = openTickets(SECRET, [2]);
    expect(only.read(fresh)).toBeDefined();
    expect(only.read(ticket)).toBeUndefined();
  });

  it('keeps tickets without a key number valid until number 0 is removed; number 0 signs no tickets', () => {
    expect(tickets.read(OLD)).toEqual(tickets.read(ticket));
    expect(openTickets(SECRET, [1]).read(OLD)).toBeUndefined();
    expect(() => openTickets(SECRET, [0])).toThrow('key number 0');
  });
});
