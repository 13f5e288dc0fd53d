import type { FastifyRequest } from 'fastify';
import { defaultLocale, type Locale, locales } from '#contract';

/** The maximum length of a header that is read, in characters. Browsers send shorter ones. */
const HEADER_LENGTH_MAX = 500;

/** Returns the language of a request: `?locale=`, otherwise the best supported language of `Accept-Language`, otherwise French. */
export function localeOf(request: Pick<FastifyRequest, 'headers' | 'query'>): Locale {
  const requested = (request.query as { locale?: unknown } | undefined)?.locale;
  if (isLocale(requested)) return requested;
  const header = request.headers['accept-language'];
  if (!header || header.length > HEADER_LENGTH_MAX) return defaultLocale;
  const accepted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
      return { locale: tag.slice(0, 2).toLowerCase(), quality: quality ? Number(quality) : 1 };
    })
    .filter(({ locale, quality }) => isLocale(locale) && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return (accepted[0]?.locale as Locale | undefined) ?? defaultLocale;
}

function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale);
}
