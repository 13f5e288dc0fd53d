/** Control characters, and backslashes, which browsers read as slashes; also in percent-encoding, once or several times. */
const HOSTILE = /[\p{Cc}\\]|%(?:25)*(?:[01][\da-f]|7f|5c|c2%(?:25)*[89][\da-f])/iu;

/**
 * Returns a path from a link or an address if it leads to a page of this site; else `otherwise`. Browsers remove tabs and line breaks from an
 * address, and read backslashes as slashes. The path is therefore resolved as a browser does it, and the origin is compared.
 */
export function ownPath(path: string | null, otherwise: string, origin = location.origin): string {
  if (!path?.startsWith('/') || HOSTILE.test(path)) return otherwise;
  const url = URL.parse(path, origin);
  if (url?.origin !== origin || url.pathname.startsWith('//')) return otherwise;
  return `${url.pathname}${url.search}${url.hash}`;
}
