import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';

/** The voices of a printed page: titles, what is stressed, and the rest. */
export type Voice = 'title' | 'strong' | 'plain';

/** A file of a typeface, and the characters that it draws. */
export interface Typeface {
  /** Its name within a document. */
  name: string;
  data: Buffer;
  draws(codePoint: number): boolean;
}

/** Families in the order in which they are asked, with their weight; each has a file for each part of Unicode. */
const families: Record<Voice, [family: string, weight: number, parts: string[]][]> = {
  title: [
    ['fraunces', 600, ['latin', 'latin-ext', 'vietnamese']],
    ['source-sans-3', 600, ['cyrillic', 'cyrillic-ext', 'greek', 'greek-ext']],
    ['noto-sans-arabic', 600, ['arabic']],
  ],
  strong: [
    ['source-sans-3', 600, ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext']],
    ['noto-sans-arabic', 600, ['arabic']],
  ],
  plain: [
    ['source-sans-3', 400, ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext']],
    ['noto-sans-arabic', 400, ['arabic']],
  ],
};

const { resolve } = createRequire(import.meta.url);
const read = new Map<string, Typeface>();

/** The typeface of a voice that draws a character; undefined where none does. */
export function typefaceFor(voice: Voice, codePoint: number): Typeface | undefined {
  for (const [family, weight, parts] of families[voice]) {
    for (const part of parts) {
      const typeface = typefaceOf(family, part, weight);
      if (typeface.draws(codePoint)) return typeface;
    }
  }
  return undefined;
}

function typefaceOf(family: string, part: string, weight: number): Typeface {
  const name = `${family}-${part}-${weight}-normal`;
  const known = read.get(name);
  if (known) return known;
  const ranges = rangesOf(family)[part] ?? [];
  let data: Buffer | undefined;
  const typeface: Typeface = {
    name,
    // Most files are never asked for more than what they draw.
    get data() {
      data ??= unpacked(readFileSync(resolve(`@fontsource/${family}/files/${name}.woff`)));
      return data;
    },
    draws: (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last),
  };
  read.set(name, typeface);
  return typeface;
}

const ranges = new Map<string, Record<string, [number, number][]>>();

/** What each part of a family draws, as the family says: `U+0000-00FF,U+0131`. */
function rangesOf(family: string): Record<string, [number, number][]> {
  const known = ranges.get(family);
  if (known) return known;
  const told = JSON.parse(readFileSync(resolve(`@fontsource/${family}/unicode.json`), 'utf8')) as Record<
    string,
    string
  >;
  const parsed = Object.fromEntries(
    Object.entries(told).map(([part, text]) => [
      part,
      text.split(',').map((range): [number, number] => {
        const [first = '', last = first] = range.replace('U+', '').split('-');
        return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
      }),
    ]),
  );
  ranges.set(family, parsed);
  return parsed;
}

const WOFF_HEADER_BYTES = 44;
const WOFF_ENTRY_BYTES = 20;
const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/**
 * The font within a WOFF file (W3C, WOFF 1.0): the same tables, not compressed. What makes documents unpacks them in JavaScript,
 * for each document anew, which takes 100 ms; this takes 2 ms, once.
 */
function unpacked(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const header = Buffer.alloc(SFNT_HEADER_BYTES + count * SFNT_ENTRY_BYTES);
  woff.copy(header, 0, 4, 8);
  const power = Math.floor(Math.log2(count));
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(16 * 2 ** power, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(16 * (count - 2 ** power), 10);
  const tables: Buffer[] = [];
  let at = header.length;
  for (let index = 0; index < count; index++) {
    const entry = woff.subarray(WOFF_HEADER_BYTES + index * WOFF_ENTRY_BYTES);
    const [offset, packedBytes, bytes] = [entry.readUInt32BE(4), entry.readUInt32BE(8), entry.readUInt32BE(12)];
    const packed = woff.subarray(offset, offset + packedBytes);
    const table = Buffer.alloc(Math.ceil(bytes / 4) * 4);
    (packedBytes < bytes ? inflateSync(packed) : packed).copy(table);
    const told = SFNT_HEADER_BYTES + index * SFNT_ENTRY_BYTES;
    entry.copy(header, told, 0, 4);
    entry.copy(header, told + 4, 16, 20); // its checksum
    header.writeUInt32BE(at, told + 8);
    header.writeUInt32BE(bytes, told + 12);
    tables.push(table);
    at += table.length;
  }
  return Buffer.concat([header, ...tables]);
}
