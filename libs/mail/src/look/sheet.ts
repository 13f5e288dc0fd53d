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
  list?: { heading: string; items: { name: string; detail?: string }[]; empty?: string };
  actions: { label: string; url: string }[];
  note?: string;
  footer?: { text: string; link?: { label: string; url: string } };
}

/** @param event the name of the event where the letter has no Café. */
export function sheetOf(letter: Letter, locale: Locale, event = 'Comptoir'): Sheet {
  const { cafe, before, ticket, subject, ...rest } = letter;
  const when = cafe && timeOf(cafe, locale);
  return {
    ...rest,
    locale,
    preview: cafe ? `${when} · ${cafe.room}` : (letter.paragraphs[0] ?? letter.heading),
    event: cafe?.event ?? event,
    ...(cafe && { cafe: { label: cafe.label, title: cafe.title, when: when as string, where: cafe.room } }),
    ...(cafe &&
      before && { before: { when: timeOf({ ...before, timeZone: cafe.timeZone }, locale), where: before.room } }),
    hasTicket: ticket !== undefined,
  };
}
