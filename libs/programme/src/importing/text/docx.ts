import mammoth from 'mammoth';
import { UnreadableDocument } from '../../reading/unreadable.ts';
import { htmlToText } from '../html-text.ts';
import { checkArchive } from '../zip.ts';

/** The text of a Word document: a paragraph is a line with an empty one after it, a row of a table is a line, an item has a bullet. */
export async function docxText(bytes: Uint8Array): Promise<string> {
  checkArchive(bytes);
  const html = await htmlOf(bytes);
  const rows = html
    .replace(/\s*<\/p>\s*<\/(t[dh])>/g, '</$1>')
    .replace(/<\/t[dh]>/g, ' ')
    .replace(/<\/(?:p|h[1-6])>/g, '\n\n')
    .replace(/<li>/g, '• ')
    .replace(/<\/li>/g, '\n');
  // Text without a tag keeps its entities otherwise.
  return htmlToText(`<p>${rows}</p>`);
}

async function htmlOf(bytes: Uint8Array): Promise<string> {
  const convertImage = mammoth.images.imgElement(async () => ({ src: '' }));
  try {
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage });
    return value;
  } catch (error) {
    throw new UnreadableDocument(`The Word document cannot be read: ${(error as Error).message.slice(0, 200)}`);
  }
}
