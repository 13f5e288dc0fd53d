import { createElement } from 'react';
import { render } from 'react-email';
import type { MessageContent } from './content.ts';
import { Page } from './page.tsx';

/** Drawing a page takes 1.6 ms, filling one in below 0.05 ms (npm run bench -- messages), so each shape of a message is drawn once. */
const shapes = new Map<string, Promise<string[]>>();
/** Lists of every length are shapes of their own; a process that met so many starts anew. */
const SHAPES_MAX = 300;
/** What stands for a text in a shape: its number between two characters that no text of ours has. */
const OPEN = '\ue0ff';
const BLANKS = /\ue0ff(\d+)\ue0ff/;
/** These are drawn as they are; every other text is filled in. */
const DRAWN = new Set(['locale', 'table']);

/** The page of a message as HTML. Texts mean nothing in it, whatever they hold. */
export async function renderHtml(content: MessageContent): Promise<string> {
  const texts: string[] = [];
  const blank = blanked(content, texts);
  const key = JSON.stringify(blank);
  if (shapes.size >= SHAPES_MAX) shapes.clear();
  const drawn = shapes.get(key) ?? render(createElement(Page, { content: blank })).then((html) => html.split(BLANKS));
  shapes.set(key, drawn);
  // Every second piece is the number of a text.
  return (await drawn).map((piece, place) => (place % 2 === 0 ? piece : escaped(texts[Number(piece)] ?? ''))).join('');
}

/** The same with a numbered blank for each text; the texts are put into `texts`. */
function blanked<Value>(value: Value, texts: string[]): Value {
  if (typeof value === 'string') return `${OPEN}${texts.push(value) - 1}${OPEN}` as Value;
  if (Array.isArray(value)) return value.map((each) => blanked(each, texts)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, DRAWN.has(key) ? each : blanked(each, texts)]),
  ) as Value;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

/** As React escapes it: good between tags and in attributes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
