import type { FastifyRequest } from 'fastify';
import { defaultLocale, type Locale, locales } from '#contract';

/** The maximum length of a header that is read, in characters. Browsers send shorter ones. */
const HEADER_LENGTH_MAX = 500;

type Asking = Pick<FastifyRequest, 'headers' | 'query'>;

/** Returns the language of a request: `?locale=`, otherwise the best supported language of `Accept-Language`, otherwise French. */
export function localeOf(request: Asking): Locale {
  return languageOf(request, locales);
}

/** As `localeOf`, for pages that have other languages than mails and problems. */
export function languageOf<Language extends string>(
  request: Asking,
  supported: readonly Language[],
): Language | typeof defaultLocale {
  const isSupported = (value: unknown): value is Language => supported.includes(value as Language);
  const requested = (request.query as { locale?: unknown } | undefined)?.locale;
  if (isSupported(requested)) return requested;
  const header = request.headers['accept-language'];
  if (!header || header.length > HEADER_LENGTH_MAX) return defaultLocale;
  const accepted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
      return { language: tag.slice(0, 2).toLowerCase(), quality: quality ? Number(quality) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return accepted.map(({ language }) => language).find(isSupported) ?? defaultLocale;
}
