import { getDocumentProxy } from 'unpdf';
import { UnreadableDocument } from '../../reading/unreadable.ts';

const PAGES_MAX = 300;
/** A page of text has more letters than this; a scan has none or a stamp. */
const LETTERS_OF_TEXT_MIN = 30;

/** A piece of text of a page, in points from its lower left corner. */
interface Piece {
  text: string;
  left: number;
  right: number;
  bottom: number;
  height: number;
}

/**
 * The text of a PDF, page by page: pieces at one height are one line, and a gap between lines is an empty line. Lines are as a person reads
 * them, whatever the order in the file.
 * @throws UnreadableDocument for a damaged or protected PDF, one of too many pages, and one that holds pictures of pages and no text
 */
export async function pdfPages(bytes: Uint8Array): Promise<string[]> {
  // A copy, because the library keeps the buffer.
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { maxImageSize: 1, verbosity: 0 }).catch((error: Error) => {
    const isProtected = error.name === 'PasswordException';
    throw new UnreadableDocument(
      isProtected
        ? 'The PDF is protected by a password: save it without one.'
        : `The PDF cannot be read: ${error.message.slice(0, 200)}`,
      isProtected ? 'protected' : 'damaged',
    );
  });
  try {
    if (pdf.numPages > PAGES_MAX)
      throw new UnreadableDocument(`The PDF has more than ${PAGES_MAX} pages.`, 'too-large');
    const pages: string[] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      const { items } = await (await pdf.getPage(number)).getTextContent();
      pages.push(textOf(items.flatMap((item) => ('str' in item ? pieceOf(item) : []))));
    }
    if (pages.join('').replace(/\P{L}/gu, '').length < LETTERS_OF_TEXT_MIN) {
      throw new UnreadableDocument(
        'The PDF is a scan: it holds pictures of pages and no text. Ask for the file that was printed, or have its text recognised first.',
        'scan',
      );
    }
    return pages;
  } finally {
    await pdf.loadingTask.destroy();
  }
}

function pieceOf({
  str,
  transform,
  width,
  height,
}: {
  str: string;
  transform: number[];
  width: number;
  height: number;
}): Piece | [] {
  if (str.trim() === '') return [];
  const [, , , scale = 10, left = 0, bottom = 0] = transform;
  return { text: str, left, right: left + width, bottom, height: height || Math.abs(scale) };
}

function textOf(pieces: Piece[]): string {
  const lines = linesOf(pieces);
  const gaps = lines.slice(1).map((line, index) => (lines[index] as Line).bottom - line.bottom);
  const usual = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 0;
  return lines.map(({ text }, index) => ((gaps[index - 1] ?? 0) > usual * 1.4 ? `\n${text}` : text)).join('\n');
}

interface Line {
  bottom: number;
  text: string;
}

function linesOf(pieces: Piece[]): Line[] {
  const lines: { bottom: number; height: number; pieces: Piece[] }[] = [];
  for (const piece of pieces.toSorted((one, other) => other.bottom - one.bottom)) {
    const line = lines.at(-1);
    if (line && line.bottom - piece.bottom < Math.min(line.height, piece.height) / 2) line.pieces.push(piece);
    else lines.push({ bottom: piece.bottom, height: piece.height, pieces: [piece] });
  }
  return lines.map(({ bottom, pieces: all }) => ({
    bottom,
    text: joined(all.toSorted((one, other) => one.left - other.left)),
  }));
}

/** Pieces of one word touch; others have a space between them. */
function joined(pieces: Piece[]): string {
  let text = '';
  let right = Number.NEGATIVE_INFINITY;
  for (const piece of pieces) {
    const touches = piece.left - right < piece.height * 0.15;
    text += (text === '' || touches ? '' : ' ') + piece.text;
    ({ right } = piece);
  }
  return text;
}
