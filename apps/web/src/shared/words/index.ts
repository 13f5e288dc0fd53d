import { createContext, useContext } from 'react';
import type { Locale } from '#contract';
import { fr, type Words } from './fr.ts';

export type { Words } from './fr.ts';

/** A language of the attendee's pages. Wider than the contract's `Locale`: what is stored and mailed is French or English. */
export type PageLocale = 'fr' | 'en' | 'es' | 'pt' | 'ar';

interface Language {
  /** As its own speakers call it. */
  name: string;
  /** For Intl. Arabic with the digits that the Maghreb and every ticket use. */
  tag: string;
  load: () => Promise<Words>;
}

/** French comes with the pages, the first language; each other is a file of its own. */
export const languages: Record<PageLocale, Language> = {
  fr: { name: 'Français', tag: 'fr-FR', load: async () => fr },
  en: { name: 'English', tag: 'en-GB', load: async () => (await import('./en.ts')).en },
  es: { name: 'Español', tag: 'es-ES', load: async () => (await import('./es.ts')).es },
  pt: { name: 'Português', tag: 'pt-PT', load: async () => (await import('./pt.ts')).pt },
  ar: { name: 'العربية', tag: 'ar-u-nu-latn', load: async () => (await import('./ar.ts')).ar },
};
export const pageLocales = Object.keys(languages) as PageLocale[];

const KEPT = 'comptoir-locale';

function isPageLocale(text: string | null | undefined): text is PageLocale {
  return pageLocales.includes(text as PageLocale);
}

/** The language chosen here before, else the first of the browser's that we speak, else French. */
export function currentLocale(): PageLocale {
  const kept = read();
  if (isPageLocale(kept)) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isPageLocale) ?? 'fr';
}

/** The language of what the API tells, and of mails, for readers of a page: their own, else the first that they read, else French. */
export function contentLocale(locale: PageLocale): Locale {
  if (locale === 'fr' || locale === 'en') return locale;
  const read = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'fr' || tag === 'en');
  return (read as Locale | undefined) ?? 'fr';
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function keepLocale(locale: PageLocale): void {
  try {
    localStorage.setItem(KEPT, locale);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export interface Spoken {
  locale: PageLocale;
  words: Words;
  /** Change the language; resolves when its words are there. */
  choose: (locale: PageLocale) => Promise<void>;
}

export const LocaleContext = createContext<Spoken>({ locale: 'fr', words: fr, choose: async () => {} });

export function useLocale(): Spoken {
  return useContext(LocaleContext);
}

export function useWords(): Words {
  return useContext(LocaleContext).words;
}

/** The language of titles and summaries on this page. */
export function useContentLocale(): Locale {
  return contentLocale(useContext(LocaleContext).locale);
}

/** Marks text of the API when its language is not the page's. */
export function useTold(): { lang?: Locale; dir?: 'auto' } {
  const { locale } = useContext(LocaleContext);
  const told = contentLocale(locale);
  return told === locale ? {} : { lang: told, dir: 'auto' };
}
