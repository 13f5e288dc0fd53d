import type { Locale } from '#contract';
import { formatPeriod } from '#platform';
import type { MessageTexts, TableState } from '../message.ts';
import { colon, spacedCode } from '../phrases.ts';

/** The content of a message: all texts in their final form. */
export interface MessageContent {
  locale: Locale;
  table: TableState;
  /** The line that mail programs show next to the subject. */
  preview: string;
  event: string;
  heading: string;
  paragraphs: string[];
  code?: string;
  cafe?: { label: string; title: string; when: string; where: string };
  before?: { when: string; where: string };
  hasTicket: boolean;
  list?: { heading: string; items: { name: string; detail?: string }[]; note?: string };
  actions: { label: string; url: string }[];
  /** The line with the code to act from another browser. */
  deviceCode?: string;
  note?: string;
  footer?: { text: string; link?: { label: string; url: string } };
}

const deviceCodeLabel: Record<Locale, string> = {
  fr: 'Code pour agir depuis un autre appareil',
  en: 'Code to act from another device',
};

/** @param event the name of the event if the texts have no Café */
export function contentOf(texts: MessageTexts, locale: Locale, event = 'Comptoir'): MessageContent {
  const { cafe, before, ticket, subject, deviceCode, list, ...rest } = unbreakableTexts(texts, locale);
  const when = cafe && formatPeriod(cafe, locale);
  return {
    ...rest,
    locale,
    preview: cafe ? `${when} · ${cafe.room}` : (rest.paragraphs[0] ?? rest.heading),
    event: cafe?.event ?? event,
    ...(cafe && { cafe: { label: cafe.label, title: cafe.title, when: when as string, where: cafe.room } }),
    ...(cafe &&
      before && { before: { when: formatPeriod({ ...before, timeZone: cafe.timeZone }, locale), where: before.room } }),
    ...(list && (list.items.length > 0 || list.note) && { list }),
    ...(deviceCode && { deviceCode: `${deviceCodeLabel[locale]}${colon[locale]}${spacedCode(deviceCode)}` }),
    hasTicket: ticket !== undefined,
  };
}

/**
 * Returns the same texts with no-break spaces where a line must not break: before a number that belongs to a word, before a unit, and
 * around the punctuation marks that French separates by a space.
 */
function unbreakableTexts(texts: MessageTexts, locale: Locale): MessageTexts {
  const tie = (text: string) => unbreakable(text, locale);
  const { cafe, before, list, note, footer } = texts;
  return {
    ...texts,
    heading: tie(texts.heading),
    paragraphs: texts.paragraphs.map(tie),
    ...(note && { note: tie(note) }),
    ...(footer && { footer: { ...footer, text: tie(footer.text) } }),
    ...(cafe && { cafe: { ...cafe, label: tie(cafe.label), title: tie(cafe.title), room: tie(cafe.room) } }),
    ...(before && { before: { ...before, room: tie(before.room) } }),
    ...(list && {
      list: {
        ...list,
        items: list.items.map(({ name, detail }) => ({ name: tie(name), detail: detail && tie(detail) })),
        note: list.note && tie(list.note),
      },
    }),
  };
}

const NO_BREAK = '\u00a0';

function unbreakable(text: string, locale: Locale): string {
  const numbers = text.replace(/(?<=\p{L}) (?=\d)|(?<=\d) (?=(?:min|h|am|pm)\b)/gu, NO_BREAK);
  return locale === 'fr' ? numbers.replace(/ (?=[?!:;»])|(?<=«) /g, NO_BREAK) : numbers;
}
