import type { Locale } from '#contract';
import type { MessageTexts, SeatFacts, ShownMessage } from '../message.ts';

/** The messages of some kinds, with the facts that their texts may use. */
export type MessageOf<Kind extends ShownMessage['kind']> = Extract<ShownMessage, { kind: Kind }>;

/** The facts about the addressee that the texts of a message may use. */
export interface Reader {
  /** The greeting: “Bonjour Zoé”, or “Bonjour” if there is no name to show. */
  hello: string;
  proved: boolean;
}

/** The texts of some kinds of messages: one function for each language, so that all texts of a language are in one place. */
export type TextsByLocale<Kind extends ShownMessage['kind']> = Record<
  Locale,
  (message: MessageOf<Kind>, reader: Reader) => MessageTexts
>;

/** The footer of a message about a seat: why its reader gets it. */
export const askedForSeat: Record<Locale, { text: string }> = {
  fr: { text: 'Vous recevez ce message parce qu’une place dans ce Café a été demandée avec cette adresse.' },
  en: { text: 'You get this message because a seat in this Café was asked for with this address.' },
};

/** The same footer if a delegate asked for the seat. It names the delegate, so that the reader knows the reason for the message. */
export const registeredFor: Record<Locale, (by: string) => { text: string }> = {
  fr: (by) => ({
    text: `Vous recevez ce message parce que ${by} a demandé cette place pour vous, avec cette adresse.`,
  }),
  en: (by) => ({ text: `You get this message because ${by} asked for this seat for you, with this address.` }),
};

/** Returns the sentence with a capital first letter. */
export function capitalise(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** The address of a registration's page. With `answer`, the page shows this answer to the offer and asks the reader to confirm it. */
export function pageOf({ url, keyed }: SeatFacts, answer?: 'accept' | 'decline'): string {
  const page = new URL(keyed?.url ?? url);
  if (answer) page.searchParams.set('answer', answer);
  return page.href;
}
