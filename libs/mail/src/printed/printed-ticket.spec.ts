import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { printTicket, sampleMessages, TypedText } from '../index.ts';
import { qrModules } from '../qr.ts';

const sample = sampleMessages('fr').find(({ name }) => name === 'confirmed')?.message;
if (sample?.kind !== 'confirmed' || sample.over) throw new Error('there is no sample of a ticket');
const { seat, ticket } = sample;
const validUntil = new Date('2026-11-26T02:15:00.000Z');
const print = (name: string, title = seat.title, proved = true) =>
  printTicket({ ticket, holder: { name: new TypedText(name), proved }, seat: { ...seat, title }, validUntil }, 'fr');

/** The streams of a document, unpacked. */
function streamsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/Filter \/FlateDecode\r?\n>>\r?\nstream\r?\n/g)].map(({ index, 0: head }) => {
    const start = index + head.length;
    return inflateSync(pdf.subarray(start, pdf.indexOf('endstream', start))).toString('latin1');
  });
}

/** The characters that its fonts say they draw. */
function lettersOf(pdf: Buffer): Set<string> {
  const maps = streamsOf(pdf).filter((stream) => stream.includes('begincmap'));
  const codes = maps.flatMap((map) => [...map.slice(map.indexOf('beginbf')).matchAll(/<([0-9a-f]{4,})>/g)]);
  return new Set(
    codes.flatMap(([, hex = '']) =>
      (hex.match(/.{4}/g) ?? []).map((code) => String.fromCharCode(Number.parseInt(code, 16))),
    ),
  );
}

describe('a printed ticket', () => {
  it('is one page that brings its typefaces', async () => {
    const pdf = await print('Zoé');
    const text = pdf.toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
    expect(text.match(/\/FontFile2 /g)?.length).toBe(3);
    expect(pdf.length).toBeLessThan(60_000);
  });

  it('draws accents, and names in other alphabets', async () => {
    const name =
      'Zoé Œuvrard, \u0644\u064a\u0644\u0649 \u0645\u0646\u0635\u0648\u0631, Nguyễn Thị Hạnh, Żółć, Ελένη, Наталья';
    const letters = lettersOf(await print(name));
    for (const letter of 'éŒÉàłćễịΕл') expect(letters).toContain(letter);
    expect([...letters].some((letter) => /\p{Script=Arabic}/u.test(letter))).toBe(true);
  });

  it('of a person whose address is not proved shows at most a first name', async () => {
    const letters = async (name: string) => [...lettersOf(await print(name, seat.title, false))].join('');
    expect(await letters('Ελένη Ωραία')).toContain('Ε');
    expect(await letters('Ελένη Ωραία')).not.toContain('Ω');
    expect(await letters('Ελένη 500 ευρώ')).toBe(await letters(''));
  });

  it('shows the code of the ticket, dark module by dark module', async () => {
    const dark = qrModules(ticket).flat().filter(Boolean).length;
    const page = streamsOf(await print('Zoé')).find((stream) => stream.includes(' re\n'));
    expect(page?.match(/ re\n/g)).toHaveLength(dark);
  });

  it('keeps a long title, an emoji and control characters on its page', async () => {
    const pdf = await print('Zoé 🎟️\r\n\u202eevil', 'Une très longue phrase sur la coopération. '.repeat(5));
    expect(pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
  });
});
