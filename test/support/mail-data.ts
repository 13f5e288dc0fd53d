import { type Identity, openIdentity, openIdentityParts } from '#identity';
import { TypedText } from '#mail';
import { type AttendeeReader, MailData, openMailBudget, openMailRecipients, type SeatReader } from '#notifications';
import { openProgramme } from '#programme';
import { openScheduleReads } from '#seats';
import { openTickets } from '#tickets';
import { attendeeReader, programmeReader, seatReader, signInReader } from '../../apps/worker/src/readers/readers.ts';
import type { SeatDesk } from './seat-desk.ts';

const SECRET = 'a secret of thirty-two characters';
const PUBLIC_URL = 'https://comptoir.test';

/** The data of messages, read from the database of a desk as the worker reads it. */
export interface TestMailData {
  data: MailData<TypedText>;
  people: Identity;
  attendees: AttendeeReader;
  /** A test may replace how it reads. */
  seats: SeatReader;
}

export function openTestMailData({ database, seats: reads }: SeatDesk): TestMailData {
  const options = { database, secret: SECRET, publicUrl: PUBLIC_URL };
  const people = openIdentity(options);
  const parts = openIdentityParts(options);
  const attendees = attendeeReader(parts.attendees, parts.roles);
  const seats = seatReader(reads, openScheduleReads({ database }), parts.attendees);
  const data = new MailData({
    attendees,
    signIn: signInReader(parts.signIn, parts.registrationLinks, parts.reminderLinks),
    seats,
    programme: programmeReader(openProgramme({ database })),
    tickets: openTickets(SECRET),
    budget: openMailBudget({ database }),
    recipients: openMailRecipients({ database }),
    publicUrl: PUBLIC_URL,
    organiserEmail: 'comptoir@comptoir.test',
    typed: (text) => new TypedText(text),
  });
  return { data, people, attendees, seats };
}
