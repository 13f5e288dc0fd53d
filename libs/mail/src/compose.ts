import { oneLine } from '#platform';
import type { MailAttachments } from './attachments.ts';
import { isolateDirection } from './bidi-isolation.ts';
import type { Addressee, CalendarFacts, ComposedMail, MailMessage, SeatFacts } from './message.ts';
import { plainName } from './person-names.ts';
import { calendarTitle } from './phrases.ts';
import { contentOf } from './templates/content.ts';
import { renderHtml } from './templates/html.ts';
import { renderPlainText } from './templates/plain-text.ts';
import { TABLE_CID, TICKET_CID } from './templates/styles.ts';
import { tablePicture } from './templates/table-picture.ts';
import { textsOf } from './texts/index.ts';
import { showFacts } from './typed-text.ts';

/** The kinds whose calendar part removes the seat, because it ended or became an offer after its Café was moved. */
const cancellingKinds = new Set<MailMessage['kind']>([
  'cancelled',
  'cancelled-by-organiser',
  'capacity-lost',
  'offered',
  'offer-expired',
]);

/** The greeting, before the name. */
const greetings = { fr: 'Bonjour', en: 'Hello' };

/** Composes one message: see `MailComposer.compose`. */
export async function composeMail(message: MailMessage, to: Addressee, parts: MailAttachments): Promise<ComposedMail> {
  const { locale, proved } = to;
  const facts = showFacts(message, to);
  const texts = textsOf(facts, locale, { hello: greetingOf(to), proved });
  if ('seat' in facts) texts.deviceCode = facts.seat.keyed?.code;
  const content = contentOf(texts, locale, message.kind === 'thanks' ? message.event : undefined);
  const attachments: ComposedMail['attachments'] = [
    { filename: 'table.png', content: tablePicture(texts.table), contentType: 'image/png', cid: TABLE_CID },
  ];
  if (texts.ticket) {
    const filename = locale === 'fr' ? 'billet.png' : 'ticket.png';
    const image = parts.ticketImage(texts.ticket);
    attachments.push({ filename, content: image, contentType: 'image/png', cid: TICKET_CID });
  }
  const calendar = 'calendar' in message && message.calendar;
  const method = cancellingKinds.has(message.kind) ? 'CANCEL' : 'REQUEST';
  return {
    to: { name: ownName(to) ?? '', address: to.address },
    ...replyToOf(message),
    ...('unsubscribeUrl' in message && { unsubscribeUrl: message.unsubscribeUrl }),
    subject: oneLine(texts.subject),
    html: await renderHtml(content),
    text: renderPlainText(content),
    ...(calendar && { calendar: calendarPart(message.seat, calendar, method, to, parts) }),
    attachments,
  };
}

/** The address for replies to a message about an event; undefined for other messages. */
function replyToOf(message: MailMessage): { replyTo?: string } {
  const about = 'seat' in message ? message.seat : 'cafe' in message ? message.cafe : message;
  return 'replyTo' in about && about.replyTo ? { replyTo: about.replyTo } : {};
}

const filenames = {
  fr: { REQUEST: 'invitation.ics', CANCEL: 'annulation.ics' },
  en: { REQUEST: 'invitation.ics', CANCEL: 'cancellation.ics' },
};

/** The addressee's name if their address is proved and the text is a plain name. */
function ownName({ name, proved }: Addressee): string | undefined {
  return plainName(name.shownTo({ proved }) ?? '');
}

/** “Bonjour Zoé”; “Bonjour” if the typed name is not a plain name. */
function greetingOf(to: Addressee): string {
  const name = to.proved ? ownName(to) : to.name.greetingName;
  return name ? `${greetings[to.locale]} ${isolateDirection(name)}` : greetings[to.locale];
}

function calendarPart(
  seat: SeatFacts,
  calendar: CalendarFacts,
  method: 'REQUEST' | 'CANCEL',
  to: Addressee,
  parts: MailAttachments,
) {
  const { locale } = to;
  const content = parts.calendarEntry(
    {
      ...seat,
      ...calendar,
      title: calendarTitle(seat, locale),
      location: oneLine(seat.room),
      attendee: { name: ownName(to), email: to.address },
    },
    method,
  );
  return { method, filename: filenames[locale][method], content };
}
