import { defaultLocale, type Locale, locales } from '#contract';

/** A value in every language that a document has texts in. */
export function inEveryLocale<Value>(value: Value): Record<Locale, Value> {
  return Object.fromEntries(locales.map((locale) => [locale, value])) as Record<Locale, Value>;
}

/** The language of ours that a text has; the default where it is another. */
export function localeOf(language: string): Locale {
  return locales.find((locale) => language.startsWith(locale)) ?? defaultLocale;
}
