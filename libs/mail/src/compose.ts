import { calendarEntry } from './calendar/calendar.ts';
import { letterOf } from './letters/index.ts';
import { htmlOf } from './look/html.ts';
import { sheetOf } from './look/sheet.ts';
import { TABLE_CID, TICKET_CID } from './look/styles.ts';
import { tablePicture } from './look/table-picture.ts';
import { textOf } from './look/text.ts';
import type { Addressee, CalendarFacts, ComposedMail, MailMessage, SeatFacts } from './message.ts';
import { plainName } from './names.ts';
import { qrPng } from './qr.ts';
import { oneLine, shown, typed } from './typed.ts';
import { colon } from './words.ts';

/** What takes a seat out of its person's calendar: it ended, or became an offer when its Café was moved. */
const endings = new Set<MailMessage['kind']>(['cancelled', 'cancelled-by-organiser', 'capacity-lost', 'offered']);

/** How a message greets, before the name. */
const greetings = { fr: 'Bonjour', en: 'Hello' };

/**
 * Write one message in the language of its addressee. What visitors typed appears only where the address is proved, as they typed it, and
 * means nothing to a mail client.
 */
export async function composeMail(message: MailMessage, to: Addressee): Promise<ComposedMail> {
  const { locale, proved } = to;
  const facts = shown(message, to);
  const letter = letterOf(facts, locale, { hello: helloTo(to), proved });
  if ('seat' in facts) letter.deviceCode = facts.seat.keyed?.code;
  const sheet = sheetOf(letter, locale, message.kind === 'thanks' ? message.event : undefined);
  const attachments: ComposedMail['attachments'] = [
    { filename: 'table.png', content: tablePicture(letter.table), contentType: 'image/png', cid: TABLE_CID },
  ];
  if (letter.ticket) {
    const filename = locale === 'fr' ? 'billet.png' : 'ticket.png';
    attachments.push({ filename, content: qrPng(letter.ticket), contentType: 'image/png', cid: TICKET_CID });
  }
  for (const { seat, calendar } of 'gaveBack' in message ? (message.gaveBack ?? []) : []) {
    const { filename, content } = calendarPart(seat, calendar, 'CANCEL', to);
    attachments.push({ filename, content, contentType: 'text/calendar; charset=utf-8; method=CANCEL' });
  }
  const calendar = 'calendar' in message && message.calendar;
  return {
    to: { name: ownName(to) ?? '', address: to.address },
    subject: oneLine(letter.subject),
    html: await htmlOf(sheet),
    text: textOf(sheet),
    ...(calendar && {
      calendar: calendarPart(message.seat, calendar, endings.has(message.kind) ? 'CANCEL' : 'REQUEST', to),
    }),
    attachments,
  };
}

const filenames = {
  fr: { REQUEST: 'invitation.ics', CANCEL: 'annulation.ics' },
  en: { REQUEST: 'invitation.ics', CANCEL: 'cancellation.ics' },
};

/** The addressee's name, where their address is proved and it is one. */
function ownName({ name, proved }: Addressee): string | undefined {
  return plainName(name.shownTo({ proved }) ?? '');
}

/** A text that is no name is greeted by none. */
function helloTo(to: Addressee): string {
  const known = to.proved ? ownName(to) : to.name.greetingName;
  return known ? `${greetings[to.locale]} ${typed(known)}` : greetings[to.locale];
}

function calendarPart(seat: SeatFacts, calendar: CalendarFacts, method: 'REQUEST' | 'CANCEL', to: Addressee) {
  const { locale } = to;
  const title = oneLine(`${seat.label}${colon[locale]}${seat.title}`);
  const attendee = { name: ownName(to), email: to.address };
  const content = calendarEntry({ ...seat, ...calendar, attendee, title, location: oneLine(seat.room) }, method);
  return { method, filename: filenames[locale][method], content };
}
