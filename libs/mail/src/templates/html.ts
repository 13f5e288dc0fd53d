import { createElement } from 'react';
import type { MessageContent } from './content.ts';

/**
 * Templates (glossary): React renders a page in 1.6 ms, and filling in a template takes less than 0.05 ms (`npm run bench -- messages`). So
 * each template is rendered once, with a placeholder for each text.
 */
const templates = new Map<string, Promise<string[]>>();
/** Lists of each length have their own template. When the cache exceeds this number of templates, it is cleared. */
const TEMPLATES_MAX = 300;
/** A placeholder is the number of a text between two of these characters, which no text of the product contains. */
const MARK = '\ue0ff';
const PLACEHOLDERS = /\ue0ff(\d+)\ue0ff/;
/** The texts that are part of the template; all others are filled in. */
const RENDERED = new Set(['locale', 'table']);

/** Renders the HTML of a message. Its texts are escaped, so that none can be markup. */
export async function renderHtml(content: MessageContent): Promise<string> {
  const texts: string[] = [];
  const template = withPlaceholders(content, texts);
  const key = JSON.stringify(template);
  if (templates.size >= TEMPLATES_MAX) templates.clear();
  const rendered = templates.get(key) ?? renderPage(template).then((html) => html.split(PLACEHOLDERS));
  templates.set(key, rendered);
  // Every second piece is the number of a text.
  return (await rendered)
    .map((piece, index) => (index % 2 === 0 ? piece : escapeHtml(texts[Number(piece)] ?? '')))
    .join('');
}

/** Loads React Email when the first template is rendered: loading takes 0.4 s of processor time, and the API renders none. */
async function renderPage(content: MessageContent): Promise<string> {
  const [{ render }, { Page }] = await Promise.all([import('react-email'), import('./page.tsx')]);
  return render(createElement(Page, { content }));
}

/** Returns the same value with a placeholder for each text. Adds the texts to `texts`. */
function withPlaceholders<Value>(value: Value, texts: string[]): Value {
  if (typeof value === 'string') return `${MARK}${texts.push(value) - 1}${MARK}` as Value;
  if (Array.isArray(value)) return value.map((each) => withPlaceholders(each, texts)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, RENDERED.has(key) ? each : withPlaceholders(each, texts)]),
  ) as Value;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

/** Escapes a text as React does, for text between tags and for attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
