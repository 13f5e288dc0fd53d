import { createContext, useContext } from 'react';
import type { Locale } from '#contract';
import { fr, type Words } from './fr.ts';

export type { Words } from './fr.ts';

/** A language of the attendee's pages. The contract's `Locale` has fewer: stored texts and mails are in French or English. */
export type PageLocale = 'fr' | 'en' | 'es' | 'pt' | 'ar';

interface Language {
  /** The name of the language in the language itself. */
  name: string;
  /** The tag for `Intl`. Arabic has the digits of the Maghreb, which tickets use too. */
  tag: string;
  load: () => Promise<Words>;
}

/** French is part of the pages. Each other language is a file that is loaded when it is needed. */
export const languages: Record<PageLocale, Language> = {
  fr: { name: 'Français', tag: 'fr-FR', load: async () => fr },
  en: { name: 'English', tag: 'en-GB', load: async () => (await import('./en.ts')).en },
  es: { name: 'Español', tag: 'es-ES', load: async () => (await import('./es.ts')).es },
  pt: { name: 'Português', tag: 'pt-PT', load: async () => (await import('./pt.ts')).pt },
  ar: { name: 'العربية', tag: 'ar-u-nu-latn', load: async () => (await import('./ar.ts')).ar },
};
export const pageLocales = Object.keys(languages) as PageLocale[];

const LOCALE_KEY = 'comptoir-locale';

function isPageLocale(text: string | null | undefined): text is PageLocale {
  return pageLocales.includes(text as PageLocale);
}

/** Returns the language that was chosen on this device; else the first language of the browser that the pages have; else French. */
export function currentLocale(): PageLocale {
  const kept = read();
  if (isPageLocale(kept)) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isPageLocale) ?? 'fr';
}

/** Returns the language of the API's texts and of mails for a page: its own language; else the first of the browser's that they have; else French. */
export function contentLocale(locale: PageLocale): Locale {
  if (locale === 'fr' || locale === 'en') return locale;
  const read = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'fr' || tag === 'en');
  return (read as Locale | undefined) ?? 'fr';
}

function read(): string | null {
  try {
    return localStorage.getItem(LOCALE_KEY);
  } catch {
    return null;
  }
}

export function storeLocale(locale: PageLocale): void {
  try {
    localStorage.setItem(LOCALE_KEY, locale);
  } catch {
    // A private window may refuse to store: then the choice is lost with the page.
  }
}

export interface Spoken {
  locale: PageLocale;
  words: Words;
  /** Changes the language. Resolves when its words are loaded. */
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

/** Returns the attributes of an element with text of the API: its language and direction, if they differ from the page's. */
export function useContentAttributes(): { lang?: Locale; dir?: 'auto' } {
  const { locale } = useContext(LocaleContext);
  const told = contentLocale(locale);
  return told === locale ? {} : { lang: told, dir: 'auto' };
}
