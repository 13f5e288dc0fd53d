import { createContext, useContext, useMemo } from 'react';
import type { Locale } from '#contract';
import { en } from './en.tsx';
import { fr, type Words } from './fr.tsx';

export type { Words } from './fr.tsx';

export const languages: Record<Locale, Words> = { fr, en };
const tags: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };
const KEPT = 'comptoir-locale';

/** The language chosen here before, else the browser's, else French. */
export function currentLocale(): Locale {
  const kept = read();
  if (kept === 'fr' || kept === 'en') return kept;
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'fr' || tag === 'en');
  return (first as Locale | undefined) ?? 'fr';
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function keepLocale(locale: Locale): void {
  try {
    localStorage.setItem(KEPT, locale);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export const LocaleContext = createContext<{ locale: Locale; choose: (locale: Locale) => void }>({
  locale: 'fr',
  choose: () => {},
});

export function useLocale() {
  return useContext(LocaleContext);
}

export function useWords(): Words {
  return languages[useLocale().locale];
}

/** Days and times in the event's time zone, as this language writes them. */
export function useFormat(timeZone = 'Europe/Paris') {
  const { locale } = useLocale();
  return useMemo(() => formatOf(locale, timeZone), [locale, timeZone]);
}

function formatOf(locale: Locale, timeZone: string) {
  const tag = tags[locale];
  const clock = new Intl.DateTimeFormat(tag, { timeZone, hour: 'numeric', minute: '2-digit', hour12: locale === 'en' });
  const date = new Intl.DateTimeFormat(tag, { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  const time = (instant: string) => {
    const text = clock.format(new Date(instant));
    return locale === 'fr' ? text.replace(':', '\u202fh\u202f') : text;
  };
  const day = (instant: string) => date.format(new Date(instant));
  return { time, day, span: (startsAt: string, endsAt: string) => `${time(startsAt)} – ${time(endsAt)}` };
}

/** Without accents, in lower case: how names and titles are searched. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
