import type { Locale } from '#contract';
import type { Letter, TableState } from '../message.ts';
import { timeOf } from '../words.ts';

/** What a message shows, every text of it ready to be read. */
export interface Sheet {
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
  note?: string;
  footer?: { text: string; link?: { label: string; url: string } };
}

/** @param event the name of the event where the letter has no Café. */
export function sheetOf(letter: Letter, locale: Locale, event = 'Comptoir'): Sheet {
  const { cafe, before, ticket, subject, ...rest } = locale === 'fr' ? withFrenchSpaces(letter) : letter;
  const when = cafe && timeOf(cafe, locale);
  return {
    ...rest,
    locale,
    preview: cafe ? `${when} · ${cafe.room}` : (rest.paragraphs[0] ?? rest.heading),
    event: cafe?.event ?? event,
    ...(cafe && { cafe: { label: cafe.label, title: cafe.title, when: when as string, where: cafe.room } }),
    ...(cafe &&
      before && { before: { when: timeOf({ ...before, timeZone: cafe.timeZone }, locale), where: before.room } }),
    hasTicket: ticket !== undefined,
  };
}

/** In French a space stands before some marks, where a line must not break. */
function withFrenchSpaces(letter: Letter): Letter {
  const tied = (text: string) => text.replace(/ (?=[?!:;»])/g, '\u00a0');
  return {
    ...letter,
    heading: tied(letter.heading),
    paragraphs: letter.paragraphs.map(tied),
    ...(letter.note && { note: tied(letter.note) }),
    ...(letter.cafe && { cafe: { ...letter.cafe, title: tied(letter.cafe.title) } }),
  };
}
