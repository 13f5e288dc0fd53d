import type { Locale } from '#contract';
import { formatPeriod } from '#platform';
import type { MessageTexts, TableState } from '../message.ts';
import { colon, spacedCode } from '../phrases.ts';

/** What a message shows, every text of it ready to be read. */
export interface MessageContent {
  locale: Locale;
  table: TableState;
  /** The line that a mailbox shows beside the subject. */
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
  /** The line with the code for another browser. */
  deviceCode?: string;
  note?: string;
  footer?: { text: string; link?: { label: string; url: string } };
}

const deviceCodeLabel: Record<Locale, string> = {
  fr: 'Code pour agir depuis un autre appareil',
  en: 'Code to act from another device',
};

/** @param event the name of the event where the letter has no Café. */
export function contentOf(letter: MessageTexts, locale: Locale, event = 'Comptoir'): MessageContent {
  const { cafe, before, ticket, subject, deviceCode, list, ...rest } = tiedLetter(letter, locale);
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
 * The same letter with no-break spaces where a line must not break: before a number that belongs to a word, before a unit, and round
 * the marks that French sets off.
 */
function tiedLetter(letter: MessageTexts, locale: Locale): MessageTexts {
  const tied = (text: string) => tiedText(text, locale);
  const { cafe, before, list, note, footer } = letter;
  return {
    ...letter,
    heading: tied(letter.heading),
    paragraphs: letter.paragraphs.map(tied),
    ...(note && { note: tied(note) }),
    ...(footer && { footer: { ...footer, text: tied(footer.text) } }),
    ...(cafe && { cafe: { ...cafe, label: tied(cafe.label), title: tied(cafe.title), room: tied(cafe.room) } }),
    ...(before && { before: { ...before, room: tied(before.room) } }),
    ...(list && {
      list: {
        ...list,
        items: list.items.map(({ name, detail }) => ({ name: tied(name), detail: detail && tied(detail) })),
        note: list.note && tied(list.note),
      },
    }),
  };
}

const NO_BREAK = '\u00a0';

function tiedText(text: string, locale: Locale): string {
  const numbers = text.replace(/(?<=\p{L}) (?=\d)|(?<=\d) (?=(?:min|h|am|pm)\b)/gu, NO_BREAK);
  return locale === 'fr' ? numbers.replace(/ (?=[?!:;»])|(?<=«) /g, NO_BREAK) : numbers;
}
