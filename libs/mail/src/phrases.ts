import type { Locale } from '#contract';

/** “2ᵉ”, “2nd”. */
export function ordinal(position: number, locale: Locale): string {
  if (locale === 'fr') return position === 1 ? '1ʳᵉ' : `${position}ᵉ`;
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${position}${suffixes[new Intl.PluralRules('en', { type: 'ordinal' }).select(position)] ?? 'th'}`;
}

/** A code in two halves, which are easier to read and to type: “482 913”, “4829 1345”. */
export function spacedCode(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}

/** A colon and the spaces around it. */
export const colon: Record<Locale, string> = { fr: '\u00a0: ', en: ': ' };
