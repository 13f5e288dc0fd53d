const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it stands in HTML, also within a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** French marks that stand apart never begin a line, and guillemets never end one. The pages do the same (apps/web/src/shared/data.ts). */
export function typeset(text: string): string {
  return text.replaceAll(/ ([:;!?»%])/g, '\u00a0$1').replaceAll('« ', '«\u00a0');
}

/** HTML that is safe to be put into other HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** Puts HTML together: `html\`<p>${text}</p>\``. Texts and numbers are escaped, lists are joined, and nothing is written for `undefined` and `false`. */
export function html(pieces: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(pieces.map((piece, index) => piece + written(parts[index])).join(''));
}

function written(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escapeHtml(String(part));
}
