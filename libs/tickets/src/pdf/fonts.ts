import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { create, type Font as FontkitFont, type GlyphRun } from 'fontkit';
import { decompress } from 'wawoff2';

/** The text styles of a ticket: titles, important text, and the rest. */
export type TextStyle = 'title' | 'strong' | 'plain';

/** A font file, with its glyphs. */
export interface Font {
  /** Unique within a document. */
  name: string;
  /** The font in SFNT format (TrueType), to be embedded. Undefined for a variable font, whose letters are drawn as outlines. */
  data?: Buffer;
  /** The number of units of `shape` in one em of the font. */
  unitsPerEm: number;
  /** Whether the font has a glyph for each character of the text. Characters that join or separate letters need none. */
  has(text: string): boolean;
  /** The glyphs of a text and their positions, from left to right: ligatures, joined letters, marks on their letters. */
  shape(text: string, isRightToLeft: boolean): GlyphRun;
}

const LATIN = ['latin', 'latin-ext', 'vietnamese'];
const CYRILLIC_AND_GREEK = ['cyrillic', 'cyrillic-ext', 'greek', 'greek-ext'];
type Family = [family: string, weight: number, subsets?: string[]];
/**
 * Families of variable fonts, with all their subsets. Without variable fonts, Chinese and Korean have a hundred files for each of nine
 * weights: 130 MB instead of 9. Their format is WOFF 2, which must be decoded before it is used (`loadFonts`).
 */
const VARIABLE = new Set(['noto-sans-sc', 'noto-sans-kr']);
/**
 * Families for the scripts that the typefaces of the product do not support. Chinese comes before Korean, because both have Chinese
 * characters.
 */
const others = (weight: 400 | 600): Family[] => [
  ['noto-sans-arabic', weight, ['arabic']],
  ['noto-sans-hebrew', weight, ['hebrew']],
  ['noto-sans-devanagari', weight, ['devanagari']],
  ['noto-sans-sc', weight],
  ['noto-sans-kr', weight],
  // It has one weight.
  ['noto-sans-math', 400],
];
/** The font families of each style in the order of preference, with their weight. A family has a file for each subset of Unicode. */
const families: Record<TextStyle, Family[]> = {
  title: [['fraunces', 600, LATIN], ['source-sans-3', 600, [...LATIN, ...CYRILLIC_AND_GREEK]], ...others(600)],
  strong: [['source-sans-3', 600, [...LATIN, ...CYRILLIC_AND_GREEK]], ...others(600)],
  plain: [['source-sans-3', 400, [...LATIN, ...CYRILLIC_AND_GREEK]], ...others(400)],
};

const { resolve } = createRequire(import.meta.url);
const fonts = new Map<string, Font>();
/** The variable fonts that were loaded, by name, in each weight. */
const variableFonts = new Map<string, FontkitFont>();
/** The last code point that the typefaces of the product support completely. */
const LAST_OF_LATIN = 0x24f;
/** Joiners and variation selectors: they change the letters next to them, and have no glyph of their own. */
const DRAWN_BY_NO_GLYPH = /[\u200c\u200d]|\p{Variation_Selector}/gu;

/** Loads the variable fonts that may have letters of a text, so that `fontFor` finds them. A font is loaded once. */
export async function loadFonts(text: string): Promise<void> {
  const codePoints = [...new Set(text)].map((each) => each.codePointAt(0) as number);
  for (const family of VARIABLE) {
    for (const [subset, ranges] of Object.entries(rangesOf(family))) {
      const isNeeded = codePoints.some((each) => each > LAST_OF_LATIN && isWithin(ranges, each));
      const name = variableName(family, subset);
      if (!isNeeded || variableFonts.has(name)) continue;
      const woff2 = readFileSync(resolve(`${packageOf(family)}/files/${name}.woff2`));
      variableFonts.set(name, create(Buffer.from(await decompress(woff2))) as FontkitFont);
    }
  }
}

/**
 * Returns the font of a style that has glyphs for all characters of a text, which is one letter with its marks; undefined if there is none.
 */
export function fontFor(style: TextStyle, letter: string): Font | undefined {
  const first = letter.codePointAt(0) as number;
  for (const [family, weight, subsets] of families[style]) {
    const ranges = rangesOf(family);
    for (const subset of subsets ?? Object.keys(ranges)) {
      // The list of a package may contain characters that its file lacks, but no others are in the file: the file decides.
      if (!isWithin(ranges[subset], first)) continue;
      const font = VARIABLE.has(family) ? variableFontOf(family, subset, weight) : fontOf(family, subset, weight);
      if (font?.has(letter)) return font;
    }
  }
  return undefined;
}

function fontOf(family: string, subset: string, weight: number): Font {
  const name = `${family}-${subset}-${weight}-normal`;
  const known = fonts.get(name);
  if (known) return known;
  const data = sfntOf(readFileSync(resolve(`${packageOf(family)}/files/${name}.woff`)));
  // A font collection has another type. The packages contain none.
  const font = { ...shaperOf(name, create(data) as FontkitFont), data };
  fonts.set(name, font);
  return font;
}

/** Returns undefined if it was not loaded. */
function variableFontOf(family: string, subset: string, weight: number): Font | undefined {
  const name = `${variableName(family, subset)}-${weight}`;
  const file = variableFonts.get(variableName(family, subset));
  const font = fonts.get(name) ?? (file && shaperOf(name, file.getVariation({ wght: weight })));
  if (font) fonts.set(name, font);
  return font;
}

function packageOf(family: string): string {
  return `${VARIABLE.has(family) ? '@fontsource-variable' : '@fontsource'}/${family}`;
}

function variableName(family: string, subset: string): string {
  return `${family}-${subset}-wght-normal`;
}

function shaperOf(name: string, file: FontkitFont): Font {
  return {
    name,
    unitsPerEm: file.unitsPerEm,
    has: (text) =>
      [...text.replace(DRAWN_BY_NO_GLYPH, '')].every((each) =>
        file.hasGlyphForCodePoint(each.codePointAt(0) as number),
      ),
    shape: (text, isRightToLeft) => file.layout(text, undefined, undefined, undefined, isRightToLeft ? 'rtl' : 'ltr'),
  };
}

function isWithin(ranges: [first: number, last: number][] | undefined, codePoint: number): boolean {
  return ranges?.some(([first, last]) => codePoint >= first && codePoint <= last) ?? false;
}

type Ranges = Record<string, [first: number, last: number][]>;
const rangesByFamily = new Map<string, Ranges>();

/** The code points of each subset of a family, which its package lists as `U+0000-00FF,U+0131`. Some subsets have a number: `[4]`. */
function rangesOf(family: string): Ranges {
  const known = rangesByFamily.get(family);
  if (known) return known;
  const listed: Record<string, string> = JSON.parse(readFileSync(resolve(`${packageOf(family)}/unicode.json`), 'utf8'));
  const ranges: Ranges = {};
  for (const [subset, text] of Object.entries(listed)) {
    ranges[subset.replace(/[[\]]/g, '')] = text.split(',').map((range) => {
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
 * Returns the SFNT font in a WOFF file (W3C, WOFF 1.0): the same tables, inflated. pdfkit can read WOFF, but inflates it in JavaScript for
 * each document, which takes 100 ms. This takes 2 ms, once.
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
