import type { Locale } from '#contract';
import type { MessageTexts, ShownMessage } from '../message.ts';
import { changes } from './changes.ts';
import { confirmed } from './confirmed.ts';
import { forOthers } from './for-others.ts';
import { reminders } from './reminders.ts';
import { signIn } from './sign-in.ts';
import type { Reader } from './text-types.ts';
import { thanks } from './thanks.ts';
import { waitlist } from './waitlist.ts';

/** The paragraph with the reason that the organisers gave for a change. */
const reasonOf: Record<Locale, (reason: string) => string> = {
  fr: (reason) => `L’organisation en donne la raison : « ${reason} »`,
  en: (reason) => `The organisers give this reason: “${reason}”`,
};

/** The texts of a message in one language. A reason of the organisers stands after the first paragraph. */
export function textsOf(message: ShownMessage, locale: Locale, reader: Reader): MessageTexts {
  const texts = textsByKind(message, locale, reader);
  const reason = 'reason' in message && message.reason;
  if (!reason) return texts;
  const [first = '', ...others] = texts.paragraphs;
  return { ...texts, paragraphs: [first, reasonOf[locale](reason), ...others] };
}

/** The other files of this folder contain the texts, one file for each group of kinds. */
function textsByKind(message: ShownMessage, locale: Locale, reader: Reader): MessageTexts {
  switch (message.kind) {
    case 'sign-in-code':
    case 'prove-address':
      return signIn[locale](message, reader);
    case 'confirmed':
    case 'moved-up':
    case 'swapped':
      return confirmed[locale](message, reader);
    case 'waitlisted':
    case 'offered':
    case 'offer-expired':
    case 'line-closed':
      return waitlist[locale](message, reader);
    case 'cafe-moved':
    case 'cancelled':
    case 'cancelled-by-organiser':
    case 'capacity-lost':
    case 'seat-released':
      return changes[locale](message, reader);
    case 'reminder-day-before':
    case 'reminder-soon':
      return reminders[locale](message, reader);
    case 'host-list':
    case 'delegation-summary':
      return forOthers[locale](message, reader);
    case 'thanks':
      return thanks[locale](message, reader);
  }
}
