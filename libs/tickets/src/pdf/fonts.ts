import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';

/** The text styles of a ticket: titles, important text, and the rest. */
export type TextStyle = 'title' | 'strong' | 'plain';

/** A font file, and the characters that it contains. */
export interface Font {
  /** Unique within a document. */
  name: string;
  /** The font in the format SFNT (TrueType). */
  data: Buffer;
  contains(codePoint: number): boolean;
}

const LATIN = ['latin', 'latin-ext', 'vietnamese'];
const CYRILLIC_AND_GREEK = ['cyrillic', 'cyrillic-ext', 'greek', 'greek-ext'];
/** The font families of each style in the order of preference, with their weight. Each has a file for each subset of Unicode. */
const families: Record<TextStyle, [family: string, weight: number, subsets: string[]][]> = {
  title: [
    ['fraunces', 600, LATIN],
    ['source-sans-3', 600, CYRILLIC_AND_GREEK],
    ['noto-sans-arabic', 600, ['arabic']],
  ],
  strong: [
    ['source-sans-3', 600, [...LATIN, ...CYRILLIC_AND_GREEK]],
    ['noto-sans-arabic', 600, ['arabic']],
  ],
  plain: [
    ['source-sans-3', 400, [...LATIN, ...CYRILLIC_AND_GREEK]],
    ['noto-sans-arabic', 400, ['arabic']],
  ],
};

const { resolve } = createRequire(import.meta.url);
const fonts = new Map<string, Font>();

/** The font of a style that contains a character; undefined where none does. */
export function fontFor(style: TextStyle, codePoint: number): Font | undefined {
  for (const [family, weight, subsets] of families[style]) {
    for (const subset of subsets) {
      const font = fontOf(family, subset, weight);
      if (font.contains(codePoint)) return font;
    }
  }
  return undefined;
}

function fontOf(family: string, subset: string, weight: number): Font {
  const name = `${family}-${subset}-${weight}-normal`;
  const known = fonts.get(name);
  if (known) return known;
  const ranges = rangesOf(family)[subset] ?? [];
  let data: Buffer | undefined;
  const font: Font = {
    name,
    // Read on the first use: most fonts are only asked what they contain.
    get data() {
      data ??= sfntOf(readFileSync(resolve(`@fontsource/${family}/files/${name}.woff`)));
      return data;
    },
    contains: (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last),
  };
  fonts.set(name, font);
  return font;
}

type Ranges = Record<string, [first: number, last: number][]>;
const rangesByFamily = new Map<string, Ranges>();

/** The code points of each subset of a family, which its package lists as `U+0000-00FF,U+0131`. */
function rangesOf(family: string): Ranges {
  const known = rangesByFamily.get(family);
  if (known) return known;
  const listed: Record<string, string> = JSON.parse(
    readFileSync(resolve(`@fontsource/${family}/unicode.json`), 'utf8'),
  );
  const ranges: Ranges = {};
  for (const [subset, text] of Object.entries(listed)) {
    ranges[subset] = text.split(',').map((range) => {
      const [first = '', last = first] = range.replace('U+', '').split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    });
  }
  rangesByFamily.set(family, ranges);
  return ranges;
}

const WOFF_HEADER_BYTES = 44;
const WOFF_ENTRY_BYTES = 20;
const SFNT_HEADER_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/**
 * The SFNT font in a WOFF file (W3C, WOFF 1.0): the same tables, inflated. pdfkit reads WOFF itself, but inflates it in JavaScript for
 * each document again, which takes 100 ms; this takes 2 ms, once.
 */
function sfntOf(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const header = Buffer.alloc(SFNT_HEADER_BYTES + count * SFNT_ENTRY_BYTES);
  woff.copy(header, 0, 4, 8);
  const power = Math.floor(Math.log2(count));
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(16 * 2 ** power, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(16 * (count - 2 ** power), 10);
  const tables: Buffer[] = [];
  let position = header.length;
  for (let index = 0; index < count; index++) {
    const source = woff.subarray(WOFF_HEADER_BYTES + index * WOFF_ENTRY_BYTES);
    const [offset, deflatedBytes, bytes] = [source.readUInt32BE(4), source.readUInt32BE(8), source.readUInt32BE(12)];
    const content = woff.subarray(offset, offset + deflatedBytes);
    const table = Buffer.alloc(Math.ceil(bytes / 4) * 4);
    (deflatedBytes < bytes ? inflateSync(content) : content).copy(table);
    const entry = SFNT_HEADER_BYTES + index * SFNT_ENTRY_BYTES;
    source.copy(header, entry, 0, 4); // its tag
    source.copy(header, entry + 4, 16, 20); // its checksum
    header.writeUInt32BE(position, entry + 8);
    header.writeUInt32BE(bytes, entry + 12);
    tables.push(table);
    position += table.length;
  }
  return Buffer.concat([header, ...tables]);
}
