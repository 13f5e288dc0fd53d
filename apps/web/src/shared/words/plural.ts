/** The forms of a text that counts something, by CLDR's plural categories; `#` is where the number goes. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Writes counts as a language does: its plural forms, its digits. */
export function counter(tag: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(tag);
  const digits = new Intl.NumberFormat(tag);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', digits.format(count));
}
