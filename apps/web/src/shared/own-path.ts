/** Control characters, and backslashes, which browsers read as slashes; also when they are encoded once more. */
const HOSTILE = /[\p{Cc}\\]|%(?:25)*(?:[01][\da-f]|7f|5c|c2%(?:25)*[89][\da-f])/iu;

/**
 * A path that came from outside (a link, an address), if it is one on our own pages; else `otherwise`. Browsers drop tabs and line breaks from an
 * address and read backslashes as slashes, so the path is resolved as a browser does it, and its origin compared.
 */
export function ownPath(path: string | null, otherwise: string, origin = location.origin): string {
  if (!path?.startsWith('/') || HOSTILE.test(path)) return otherwise;
  const url = URL.parse(path, origin);
  if (url?.origin !== origin || url.pathname.startsWith('//')) return otherwise;
  return `${url.pathname}${url.search}${url.hash}`;
}
