import type { Locale } from '#contract';
import { oneLine } from '#platform';

const pluralRules: Record<Locale, Intl.PluralRules> = {
  fr: new Intl.PluralRules('fr'),
  en: new Intl.PluralRules('en'),
};

/** “1 place”, “2 places”: a count with its noun, by the plural rules of the language. In French, zero is singular. */
export function counted(count: number, locale: Locale, [one, other]: [one: string, other: string]): string {
  return `${count}\u00a0${pluralRules[locale].select(count) === 'one' ? one : other}`;
}

/** The title of a seat's calendar entry, the same in messages, files and feeds: “Café 3 : Logement social”. */
export function calendarTitle({ label, title }: { label: string; title: string }, locale: Locale): string {
  return oneLine(`${label}${colon[locale]}${title}`);
}

/** A code in two halves, which are easier to read and to type: “482 913”, “4829 1345”. */
export function spacedCode(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}

/** A colon and the spaces around it. */
export const colon: Record<Locale, string> = { fr: '\u00a0: ', en: ': ' };
