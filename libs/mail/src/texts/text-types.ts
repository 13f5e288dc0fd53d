import type { Locale } from '#contract';
import type { MessageTexts, SeatFacts, ShownMessage } from '../message.ts';

/** The messages of some kinds, as their words see them. */
export type MessageOf<Kind extends ShownMessage['kind']> = Extract<ShownMessage, { kind: Kind }>;

/** What the words of a message know of whom it is for. */
export interface Reader {
  /** “Bonjour Zoé”, or “Bonjour” alone. */
  hello: string;
  proved: boolean;
}

/** What messages of some kinds say: one function a language, so that a translator reads it in one place. */
export type TextsByLocale<Kind extends ShownMessage['kind']> = Record<
  Locale,
  (message: MessageOf<Kind>, reader: Reader) => MessageTexts
>;

/** Why somebody gets a message about a seat. */
export const askedForSeat: Record<Locale, { text: string }> = {
  fr: { text: 'Vous recevez ce message parce qu’une place dans ce Café a été demandée avec cette adresse.' },
  en: { text: 'You get this message because a seat in this Café was asked for with this address.' },
};

/** The same where another person took the seat for them: who, because nobody else can tell the reader why it comes. */
export const registeredFor: Record<Locale, (by: string) => { text: string }> = {
  fr: (by) => ({
    text: `Vous recevez ce message parce que ${by} a demandé cette place pour vous, avec cette adresse.`,
  }),
  en: (by) => ({ text: `You get this message because ${by} asked for this seat for you, with this address.` }),
};

/** The page of a registration; with an answer to its offer filled in, which the page asks to confirm. */
export function pageOf({ url, keyed }: SeatFacts, answer?: 'accept' | 'decline'): string {
  const page = new URL(keyed?.url ?? url);
  if (answer) page.searchParams.set('answer', answer);
  return page.href;
}
