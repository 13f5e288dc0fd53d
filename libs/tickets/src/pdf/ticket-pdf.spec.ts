import { describe, expect, it } from '@jest/globals';
import { charactersOfPdf, streamsOfPdf } from '../../../../test/support/pdf.ts';
import { openTickets, renderTicketPdf } from '../index.ts';
import { qrCodeModules } from '../qr-code.ts';

const seat = {
  event: 'Rencontres de l’action internationale 2026',
  label: 'Café 3',
  title: 'Logement social et coopération décentralisée : quelles réponses locales ?',
  room: 'Salle Étoile 3',
  startsAt: '2026-11-25T13:30:00.000Z',
  endsAt: '2026-11-25T14:15:00.000Z',
  timeZone: 'Europe/Paris',
};
const ticket = openTickets('a secret of thirty-two characters').ticketFor({
  registrationId: '019358c1-7e2a-7c31-9a57-2f60c6b01e44',
  cafeId: '019358c0-11f4-7d0e-8a3b-90b1c2d3e4f5',
  endsAt: seat.endsAt,
});
const validUntil = new Date('2026-11-26T02:15:00.000Z');
const print = (holderName?: string, title = seat.title) =>
  renderTicketPdf({ ticket, holderName, seat: { ...seat, title }, validUntil }, 'fr');

describe('a printed ticket', () => {
  it('is one page with its fonts embedded', async () => {
    const pdf = await print('Zoé');
    const text = pdf.toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
    expect(text.match(/\/FontFile2 /g)?.length).toBe(3);
    expect(pdf.length).toBeLessThan(60_000);
  });

  it('shows accents, and names in other alphabets', async () => {
    const name =
      'Zoé Œuvrard, \u0644\u064a\u0644\u0649 \u0645\u0646\u0635\u0648\u0631, Nguyễn Thị Hạnh, Żółć, Ελένη, Наталья';
    const letters = charactersOfPdf(await print(name));
    for (const letter of 'éŒÉàłćễịΕл') expect(letters).toContain(letter);
  });

  it('contains the QR code of the ticket, module by module', async () => {
    const dark = qrCodeModules(ticket).flat().filter(Boolean).length;
    const page = streamsOfPdf(await print('Zoé')).find((stream) => stream.includes(' re\n'));
    expect(page?.match(/ re\n/g)).toHaveLength(dark);
  });

  it('keeps a long title, an emoji and control characters on its page', async () => {
    const pdf = await print('Zoé 🎟️\r\n\u202eevil', 'Une très longue phrase sur la coopération. '.repeat(5));
    expect(pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
  });
});
