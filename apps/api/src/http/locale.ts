import type { FastifyRequest } from 'fastify';
import { defaultLocale, type Locale, locales } from '#contract';

/** No header that a browser sends is longer. */
const HEADER_LENGTH_MAX = 500;

type Asking = Pick<FastifyRequest, 'headers' | 'query'>;

/** The language that a request asks for: `?locale=`, else the best of `Accept-Language` that we have, else French. */
export function localeOf(request: Asking): Locale {
  return languageOf(request, locales);
}

/** As `localeOf`, of other languages than those of mails and problems. */
export function languageOf<Language extends string>(
  request: Asking,
  languages: readonly Language[],
): Language | typeof defaultLocale {
  const isOurs = (value: unknown): value is Language => languages.includes(value as Language);
  const asked = (request.query as { locale?: unknown } | undefined)?.locale;
  if (isOurs(asked)) return asked;
  const header = request.headers['accept-language'];
  if (!header || header.length > HEADER_LENGTH_MAX) return defaultLocale;
  const wanted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
      return { language: tag.slice(0, 2).toLowerCase(), quality: quality ? Number(quality) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return wanted.map(({ language }) => language).find(isOurs) ?? defaultLocale;
}
