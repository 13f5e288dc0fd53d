import type { Locale } from '#contract';
import type { Letter, MailMessage } from '../message.ts';

/** The messages of some kinds. */
export type MessageOf<Kind extends MailMessage['kind']> = Extract<MailMessage, { kind: Kind }>;

/** What messages of some kinds say: one function a language, so that a translator reads it in one place. */
export type Family<Kind extends MailMessage['kind']> = Record<Locale, (message: MessageOf<Kind>) => Letter>;

/** Why somebody gets a message about a seat. */
export const askedForSeat: Record<Locale, { text: string }> = {
  fr: { text: 'Vous recevez ce message parce que vous avez une inscription à ce Café.' },
  en: { text: 'You get this message because you have a registration for this Café.' },
};
