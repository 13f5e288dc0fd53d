import type { DocumentError } from '../document.ts';

/**
 * Parses JSON. `JSON.parse` silently keeps the last of two members with the same name. Here, a duplicate name in an object is an error with
 * its path and line.
 * @throws SyntaxError with the line and column, as `JSON.parse`
 */
export function readJson(text: string): { document: unknown; errors: DocumentError[] } {
  const document: unknown = JSON.parse(text);
  return { document, errors: repeatedNames(text) };
}

/** An open object, with its names so far and the last of them, or an open list, with the index of its current entry. */
type Open = { names: Set<string>; name: string } | { index: number };

/** The tokens of JSON that change the current path. Numbers and words do not. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\n/gs;

/**
 * Lists the duplicate names in each object. `text` is valid JSON. Own code: a parser that reports duplicates is as long, and would be a
 * dependency.
 */
function repeatedNames(text: string): DocumentError[] {
  const errors: DocumentError[] = [];
  const open: Open[] = [];
  let lineNumber = 1;
  let string = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const current = open.at(-1);
    if (token === '\n') lineNumber++;
    else if (token === '{') open.push({ names: new Set(), name: '' });
    else if (token === '[') open.push({ index: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && current && 'index' in current) current.index++;
    else if (token === ':' && current && 'names' in current) {
      current.name = JSON.parse(string) as string;
      if (current.names.has(current.name)) {
        errors.push({ path: pathOf(open), message: `stands twice in one object (line ${lineNumber})` });
      }
      current.names.add(current.name);
    } else if (token.startsWith('"')) string = token;
  }
  return errors;
}

function pathOf(open: Open[]): string {
  return open.map((each) => ('index' in each ? each.index : each.name)).join('.');
}
