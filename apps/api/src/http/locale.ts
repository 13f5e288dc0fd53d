import type { FastifyRequest } from 'fastify';
import { defaultLocale, type Locale, locales } from '#contract';

/** No header that a browser sends is longer. */
const HEADER_LENGTH_MAX = 500;

/** The language that a request asks for: `?locale=`, else the best of `Accept-Language` that we have, else French. */
export function localeOf(request: Pick<FastifyRequest, 'headers' | 'query'>): Locale {
  const asked = (request.query as { locale?: unknown } | undefined)?.locale;
  if (isLocale(asked)) return asked;
  const header = request.headers['accept-language'];
  if (!header || header.length > HEADER_LENGTH_MAX) return defaultLocale;
  const wanted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
      return { locale: tag.slice(0, 2).toLowerCase(), quality: quality ? Number(quality) : 1 };
    })
    .filter(({ locale, quality }) => isLocale(locale) && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return (wanted[0]?.locale as Locale | undefined) ?? defaultLocale;
}

function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale);
}
