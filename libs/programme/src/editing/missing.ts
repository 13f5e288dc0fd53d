import type { MissingTranslation } from '#contract';
import type { Texts } from '../document.ts';
import type { ProgrammeFacts } from '../programme-records.ts';

const LISTS = ['audience', 'takeaways', 'agenda', 'keywords'] as const;

/** The texts that the first language of an event has, and another of its languages has not. */
export function missingTranslations({ event, cafes }: ProgrammeFacts): MissingTranslation[] {
  const [first = '', ...others] = event.locales;
  return others.flatMap((language) => [
    ...(event.title[language]
      ? []
      : [{ about: 'event' as const, id: event.id, label: event.title[first] ?? '', language, fields: ['title'] }]),
    ...cafes.flatMap(({ id, texts }) => {
      const [written, own] = [texts[first], texts[language]];
      const fields = written ? missingFields(written, own) : [];
      return fields.length > 0 ? [{ about: 'cafe' as const, id, label: written?.title ?? '', language, fields }] : [];
    }),
  ]);
}

function missingFields(written: Texts, own: Texts | undefined): string[] {
  return [
    ...(own?.title ? [] : ['title']),
    ...(written.summary !== undefined && own?.summary === undefined ? ['summary'] : []),
    ...LISTS.filter((name) => written[name].length > 0 && (own?.[name].length ?? 0) === 0),
  ];
}
