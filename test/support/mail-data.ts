import { TypedText } from '#mail';
import {
  type AttendeeReader,
  MailData,
  openMailBudget,
  openMailRecipients,
  openSentMail,
  type SeatReader,
} from '#notifications';
import { Programme } from '#programme';
import { AttendanceReads, MessageReads, RegistrationReads, ScheduleReads } from '#seats';
import { openTickets } from '#tickets';
import { attendeeReader, programmeReader, seatReader, signInReader } from '../../apps/worker/src/readers/readers.ts';
import { type Identity, openIdentity } from './identity.ts';
import type { SeatDesk } from './seat-desk.ts';

const SECRET = 'a secret of thirty-two characters';
const PUBLIC_URL = 'https://comptoir.test';

/** The data of messages, read from the database of a desk as in the worker. */
export interface TestMailData {
  data: MailData<TypedText>;
  people: Identity;
  attendees: AttendeeReader;
  /** A test may replace its methods. */
  seats: SeatReader;
}

export function openTestMailData({ database }: SeatDesk): TestMailData {
  const options = { database, secret: SECRET, publicUrl: PUBLIC_URL };
  const people = openIdentity(options);
  const attendees = attendeeReader(people.attendees, people.roles);
  const seats = seatReader(
    new MessageReads(database),
    new RegistrationReads(database),
    new AttendanceReads(database),
    new ScheduleReads(database),
    people.attendees,
  );
  const data = new MailData({
    attendees,
    signIn: signInReader(people.signInMails, people.registrationLinks, people.reminderLinks),
    seats,
    programme: programmeReader(new Programme(database)),
    tickets: openTickets(SECRET),
    budget: openMailBudget({ database }),
    recipients: openMailRecipients({ database }),
    sent: openSentMail({ database }),
    publicUrl: PUBLIC_URL,
    organiserEmail: 'comptoir@comptoir.test',
    typed: (text) => new TypedText(text),
  });
  return { data, people, attendees, seats };
}
