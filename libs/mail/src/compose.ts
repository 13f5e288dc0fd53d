import type { Locale } from '#contract';
import { calendarEntry } from './calendar/calendar.ts';
import { letterOf } from './letters/index.ts';
import { htmlOf } from './look/html.ts';
import { sheetOf } from './look/sheet.ts';
import { TABLE_CID, TICKET_CID } from './look/styles.ts';
import { tablePicture } from './look/table-picture.ts';
import { textOf } from './look/text.ts';
import type { CalendarFacts, ComposedMail, MailMessage, SeatFacts } from './message.ts';
import { qrPng } from './qr.ts';
import { oneLine, typedFacts } from './typed.ts';
import { colon } from './words.ts';

/** What takes a seat out of its person's calendar: it ended, or became an offer when its Café was moved. */
const endings = new Set<MailMessage['kind']>(['cancelled', 'cancelled-by-organiser', 'capacity-lost', 'offered']);

/** Write one message in one language. What people typed appears as they typed it and means nothing to a mail client. */
export async function composeMail(message: MailMessage, locale: Locale): Promise<ComposedMail> {
  const letter = letterOf(typedFacts(message), locale);
  const sheet = sheetOf(letter, locale, message.kind === 'thanks' ? message.event : undefined);
  const attachments: ComposedMail['attachments'] = [
    { filename: 'table.png', content: tablePicture(letter.table), contentType: 'image/png', cid: TABLE_CID },
  ];
  if (letter.ticket) {
    const filename = locale === 'fr' ? 'billet.png' : 'ticket.png';
    attachments.push({ filename, content: qrPng(letter.ticket), contentType: 'image/png', cid: TICKET_CID });
  }
  for (const { seat, calendar } of 'gaveBack' in message ? (message.gaveBack ?? []) : []) {
    const { filename, content } = calendarPart(seat, calendar, 'CANCEL', locale);
    attachments.push({ filename, content, contentType: 'text/calendar; charset=utf-8; method=CANCEL' });
  }
  const calendar = 'calendar' in message && message.calendar;
  return {
    subject: oneLine(letter.subject),
    html: await htmlOf(sheet),
    text: textOf(sheet),
    ...(calendar && {
      calendar: calendarPart(message.seat, calendar, endings.has(message.kind) ? 'CANCEL' : 'REQUEST', locale),
    }),
    attachments,
  };
}

const filenames = {
  fr: { REQUEST: 'invitation.ics', CANCEL: 'annulation.ics' },
  en: { REQUEST: 'invitation.ics', CANCEL: 'cancellation.ics' },
};

function calendarPart(seat: SeatFacts, calendar: CalendarFacts, method: 'REQUEST' | 'CANCEL', locale: Locale) {
  const title = oneLine(`${seat.label}${colon[locale]}${seat.title}`);
  const content = calendarEntry({ ...seat, ...calendar, title, location: oneLine(seat.room) }, method);
  return { method, filename: filenames[locale][method], content };
}
