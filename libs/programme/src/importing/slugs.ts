import { fold } from '#text';

const CODE_MAX = 40;
const SLUG_MAX = 80;

/** A code of a document from a text: letters and digits of any alphabet with single hyphens between; empty where there are none. */
export function codeFrom(text: string): string {
  return cut(
    fold(text)
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, ''),
    CODE_MAX,
  );
}

/** A slug of an event from a text: ASCII letters and digits with single hyphens between; empty where there are none. */
export function slugFrom(text: string): string {
  return cut(
    fold(text)
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
    SLUG_MAX,
  );
}

function cut(text: string, max: number): string {
  return text.slice(0, max).replace(/-$/, '');
}

/** The first of `wanted`, `wanted-2`, `wanted-3` … that is not taken. It is added to `taken`. */
export function freeCode(wanted: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const code = number === 1 ? wanted : `${wanted.slice(0, CODE_MAX - String(number).length - 1)}-${number}`;
    if (taken.has(code)) continue;
    taken.add(code);
    return code;
  }
}
