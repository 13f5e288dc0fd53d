import type { Locale } from '#contract';
import type { Letter, MailMessage } from '../message.ts';

/** The messages of some kinds. */
export type MessageOf<Kind extends MailMessage['kind']> = Extract<MailMessage, { kind: Kind }>;

/** What messages of some kinds say: one function a language, so that a translator reads it in one place. */
export type Family<Kind extends MailMessage['kind']> = Record<Locale, (message: MessageOf<Kind>) => Letter>;

/** Why somebody gets a message about a seat. */
export const askedForSeat: Record<Locale, { text: string }> = {
  fr: { text: 'Vous recevez ce message parce qu’une place dans ce Café a été demandée avec cette adresse.' },
  en: { text: 'You get this message because a seat in this Café was asked for with this address.' },
};

/** The same where somebody else took the seat for them: who, or nobody would know why it comes. */
export const registeredFor: Record<Locale, (by: string) => { text: string }> = {
  fr: (by) => ({
    text: `Vous recevez ce message parce que ${by} a demandé cette place pour vous, avec cette adresse.`,
  }),
  en: (by) => ({ text: `You get this message because ${by} asked for this seat for you, with this address.` }),
};
