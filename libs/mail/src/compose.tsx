import type { ReactNode } from 'react';
import { Body, Button, Container, Head, Heading, Hr, Html, Img, Preview, render, Section, Text } from 'react-email';
import type { Locale } from '#contract';
import { type CalendarSeat, calendarEntry } from './calendar.ts';
import { qrPng } from './qr.ts';
import { clock, dayAndClock, oneLine, ordinal, timeOf } from './words.ts';

/** The seat that a message is about, its texts in the message's language. */
export interface SeatFacts {
  registrationId: string;
  title: string;
  /** “Café 4”, “Stand DCOL”. */
  label: string;
  room: string;
  event: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** The page of the registration. */
  url: string;
}

/** What each kind of message needs to know. */
export type MailMessage =
  | { kind: 'sign-in-code'; code: string; link: string }
  | {
      kind: 'prove-address';
      name: string;
      code: string;
      link: string;
      seat: SeatFacts;
      /** The seat is kept until then; a place in line has a position instead. */
      expiresAt?: string;
      waitlistPosition?: number;
    }
  | {
      kind: 'confirmed' | 'moved-up' | 'swapped';
      name: string;
      seat: SeatFacts;
      ticket: string;
      calendar: CalendarParties;
    }
  | {
      kind: 'offered';
      name: string;
      seat: SeatFacts;
      expiresAt: string;
      /** Accepting gives another seat of theirs back. */
      swaps: boolean;
    }
  /** `calendar` where the person has a confirmed seat. */
  | { kind: 'cafe-moved'; name: string; seat: SeatFacts; calendar?: CalendarParties }
  | { kind: 'offer-expired' | 'line-closed'; name: string; seat: SeatFacts; programmeUrl: string }
  | { kind: 'waitlisted'; name: string; seat: SeatFacts; waitlistPosition: number }
  | { kind: 'cancelled'; name: string; seat: SeatFacts; calendar: CalendarParties; programmeUrl: string };

/** Who is named in the calendar entry. */
export type CalendarParties = Pick<CalendarSeat, 'organiser' | 'attendee'>;

/** A message ready to be sent. */
export interface ComposedMail {
  subject: string;
  html: string;
  text: string;
  attachments: { filename: string; content: Buffer | string; contentType: string; cid?: string }[];
}

const colours = { paper: '#fbf7ef', ink: '#1d2430', enamel: '#12406b', hairline: '#d9d2c3', quiet: '#5b6270' };
const sans = '"Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif';
const serif = 'Fraunces, Georgia, "Times New Roman", serif';
const TICKET_CID = 'ticket@comptoir';

/** The parts of a message, from which both its HTML and its text are made. */
interface Letter {
  subject: string;
  heading: string;
  paragraphs: string[];
  seat?: SeatFacts;
  code?: string;
  action?: { label: string; url: string };
  ticket?: string;
  note?: string;
}

/** Write one message in one language. What people typed appears as they typed it and means nothing to a mail client. */
export async function composeMail(message: MailMessage, locale: Locale): Promise<ComposedMail> {
  const letter = letters[locale](message);
  const seat = letter.seat;
  const attachments: ComposedMail['attachments'] = [];
  if (letter.ticket) {
    attachments.push({
      filename: 'ticket.png',
      content: qrPng(letter.ticket),
      contentType: 'image/png',
      cid: TICKET_CID,
    });
  }
  if ('calendar' in message && message.calendar && seat) {
    const method = message.kind === 'cancelled' ? 'CANCEL' : 'REQUEST';
    const { registrationId, title, startsAt, endsAt, url } = seat;
    const entry = { registrationId, title: oneLine(`${seat.label} : ${title}`), startsAt, endsAt, url };
    attachments.push({
      filename: message.kind === 'cancelled' ? 'annulation.ics' : 'invitation.ics',
      content: calendarEntry({ ...entry, location: seat.room, ...message.calendar }, method),
      contentType: `text/calendar; charset=utf-8; method=${method}`,
    });
  }
  return {
    subject: oneLine(letter.subject),
    html: await render(<Page letter={letter} locale={locale} />),
    text: textOf(letter, locale),
    attachments,
  };
}

function textOf(letter: Letter, locale: Locale): string {
  const { heading, paragraphs, seat, code, action, note } = letter;
  const colon = locale === 'fr' ? ' :' : ':';
  return [
    heading,
    ...paragraphs,
    seat && [`${seat.label}${colon} ${oneLine(seat.title)}`, timeOf(seat, locale), seat.room].join('\n'),
    code,
    action && `${action.label}${colon}\n${action.url}`,
    note,
    `—\n${seat?.event ?? 'Comptoir'}`,
  ]
    .filter((part): part is string => Boolean(part))
    .join('\n\n');
}

function Page({ letter, locale }: { letter: Letter; locale: Locale }): ReactNode {
  const { heading, paragraphs, seat, code, action, ticket, note } = letter;
  const paragraph = { margin: '0 0 16px', fontSize: '17px', lineHeight: '26px', color: colours.ink };
  return (
    <Html lang={locale} dir="ltr">
      <Head>
        <meta name="color-scheme" content="light" />
        <meta name="supported-color-schemes" content="light" />
      </Head>
      <Preview>{paragraphs[0] ?? heading}</Preview>
      <Body style={{ margin: 0, padding: '24px 0', backgroundColor: colours.paper, fontFamily: sans }}>
        <Container style={{ maxWidth: '520px', padding: '0 20px' }}>
          <TableMark />
          <Heading
            as="h1"
            style={{
              margin: '20px 0 16px',
              fontFamily: serif,
              fontSize: '28px',
              lineHeight: '34px',
              fontWeight: 600,
              color: colours.ink,
            }}
          >
            {heading}
          </Heading>
          {paragraphs.map((text) => (
            <Text key={text} style={paragraph}>
              {text}
            </Text>
          ))}
          {seat && (
            <Section
              style={{
                margin: '8px 0 24px',
                borderTop: `1px solid ${colours.hairline}`,
                borderBottom: `1px solid ${colours.hairline}`,
              }}
            >
              <Text style={{ margin: '16px 0 4px', fontSize: '15px', lineHeight: '20px', color: colours.quiet }}>
                {seat.label}
              </Text>
              <Text
                style={{
                  margin: '0 0 8px',
                  fontFamily: serif,
                  fontSize: '21px',
                  lineHeight: '27px',
                  color: colours.ink,
                }}
              >
                {seat.title}
              </Text>
              <Text style={{ ...paragraph, margin: '0 0 16px' }}>
                {timeOf(seat, locale)}
                <br />
                {seat.room}
              </Text>
            </Section>
          )}
          {ticket && (
            <Section
              style={{
                margin: '0 0 24px',
                padding: '12px',
                backgroundColor: '#ffffff',
                borderRadius: '10px',
                textAlign: 'center',
              }}
            >
              <Img
                src={`cid:${TICKET_CID}`}
                alt={locale === 'fr' ? 'Votre billet (code QR)' : 'Your ticket (QR code)'}
                width="260"
                height="260"
                style={{ margin: '0 auto' }}
              />
            </Section>
          )}
          {code && (
            <Text
              style={{
                margin: '0 0 24px',
                fontFamily: serif,
                fontSize: '40px',
                lineHeight: '48px',
                letterSpacing: '6px',
                color: colours.enamel,
              }}
            >
              {code}
            </Text>
          )}
          {action && (
            <Button
              href={action.url}
              style={{
                padding: '14px 24px',
                borderRadius: '10px',
                backgroundColor: colours.enamel,
                color: '#ffffff',
                fontSize: '17px',
                fontWeight: 600,
                textDecoration: 'none',
              }}
            >
              {action.label}
            </Button>
          )}
          {note && (
            <Text
              style={{ ...paragraph, margin: '24px 0 0', fontSize: '15px', lineHeight: '22px', color: colours.quiet }}
            >
              {note}
            </Text>
          )}
          <Hr style={{ margin: '32px 0 12px', borderColor: colours.hairline }} />
          <Text style={{ margin: 0, fontSize: '14px', lineHeight: '20px', color: colours.quiet }}>
            {seat?.event ?? 'Comptoir'}
          </Text>
        </Container>
      </Body>
    </Html>
  );
}

/** The round table and its chairs, in what every mail client draws: a circle between dots. */
function TableMark(): ReactNode {
  const chair = (colour: string) => (
    <td>
      <div style={{ width: '8px', height: '8px', borderRadius: '4px', backgroundColor: colour }} />
    </td>
  );
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} style={{ borderCollapse: 'separate' }}>
      <tbody>
        <tr>
          {chair('#d98e04')}
          <td style={{ padding: '0 6px' }}>
            <div
              style={{ width: '26px', height: '26px', borderRadius: '16px', border: `3px solid ${colours.enamel}` }}
            />
          </td>
          {chair('#2f7d63')}
          <td style={{ paddingLeft: '12px', fontFamily: serif, fontSize: '20px', color: colours.enamel }}>Comptoir</td>
        </tr>
      </tbody>
    </table>
  );
}

/** The words, by language. One function a language, so that a translator reads them in one place. */
const letters: Record<Locale, (message: MailMessage) => Letter> = { fr: french, en: english };

function french(message: MailMessage): Letter {
  switch (message.kind) {
    case 'sign-in-code':
      return {
        subject: `${spaced(message.code)} est votre code de connexion`,
        heading: 'Votre code de connexion',
        paragraphs: [
          'Tapez ces six chiffres sur la page où vous les avez demandés, ou suivez le lien. Ils sont valables 30 minutes.',
        ],
        code: spaced(message.code),
        action: { label: 'Me connecter', url: message.link },
        note: 'Vous n’avez rien demandé ? Ne faites rien : sans ce code, personne n’entre.',
      };
    case 'prove-address': {
      const { seat, expiresAt, waitlistPosition } = message;
      const kept = expiresAt
        ? `Bonjour ${message.name}, une place vous est gardée jusqu’à ${clock(expiresAt, seat.timeZone, 'fr')}. Confirmez votre adresse pour qu’elle soit à vous.`
        : `Bonjour ${message.name}, vous êtes ${ordinal(waitlistPosition ?? 1, 'fr')} en attente. Confirmez votre adresse pour que nous puissions vous donner la première place qui se libère.`;
      return {
        subject: expiresAt ? `Confirmez votre place : ${seat.title}` : `Confirmez votre adresse : ${seat.title}`,
        heading: expiresAt ? 'Votre place est gardée' : 'Vous êtes dans la file',
        paragraphs: [kept],
        seat,
        code: spaced(message.code),
        action: { label: expiresAt ? 'Confirmer ma place' : 'Confirmer mon adresse', url: message.link },
        note: 'Vous n’avez rien demandé ? Ne faites rien : la place sera rendue toute seule.',
      };
    }
    case 'confirmed':
    case 'moved-up':
    case 'swapped': {
      const { subject, heading } = {
        confirmed: { subject: 'Place confirmée', heading: 'Votre place est confirmée' },
        'moved-up': {
          subject: 'Une place s’est libérée pour vous',
          heading: 'Une place s’est libérée, elle est à vous',
        },
        swapped: { subject: 'Échange fait', heading: 'Vous avez changé de Café' },
      }[message.kind];
      return {
        subject: `${subject} : ${message.seat.title}`,
        heading,
        paragraphs: [
          `Bonjour ${message.name}, montrez ce code à l’entrée. L’invitation jointe met le rendez-vous dans votre agenda.`,
          ...(message.kind === 'swapped'
            ? ['Votre autre place à cette heure est rendue ; son billet ne vaut plus.']
            : []),
        ],
        seat: message.seat,
        ticket: message.ticket,
        action: { label: 'Voir mon billet', url: message.seat.url },
        note: 'Un empêchement ? Annulez depuis cette page : votre place ira tout de suite à la personne suivante.',
      };
    }
    case 'offered':
      return {
        subject: `Une place vous attend : ${message.seat.title}`,
        heading: 'Une place vous est offerte',
        paragraphs: [
          `Bonjour ${message.name}, cette place est à vous si vous l’acceptez avant ${dayAndClock(message.expiresAt, message.seat.timeZone, 'fr')}. Passé ce moment, elle ira à la personne suivante.`,
          ...(message.swaps
            ? ['Vous avez déjà une place à cette heure : en acceptant celle-ci, vous rendez l’autre.']
            : []),
        ],
        seat: message.seat,
        action: { label: 'Répondre à l’offre', url: message.seat.url },
      };
    case 'offer-expired':
      return {
        subject: `L’offre a expiré : ${message.seat.title}`,
        heading: 'L’offre a expiré',
        paragraphs: [
          `Bonjour ${message.name}, vous n’avez pas accepté cette place à temps : vous n’êtes plus dans la file de ce Café.`,
        ],
        seat: message.seat,
        action: { label: 'Voir le programme', url: message.programmeUrl },
      };
    case 'line-closed':
      return {
        subject: `Fin de l’attente : ${message.seat.title}`,
        heading: 'La liste d’attente est fermée',
        paragraphs: [
          `Bonjour ${message.name}, aucune place ne s’est libérée pour vous dans ce Café. D’autres Cafés ont peut-être encore des places.`,
        ],
        seat: message.seat,
        action: { label: 'Voir le programme', url: message.programmeUrl },
      };
    case 'cafe-moved':
      return {
        subject: `Changement d’heure ou de salle : ${message.seat.title}`,
        heading: 'Votre Café a changé d’heure ou de salle',
        paragraphs: [
          `Bonjour ${message.name}, voici où et quand il a lieu désormais. Votre inscription reste la même.`,
        ],
        seat: message.seat,
        action: { label: 'Voir mon inscription', url: message.seat.url },
      };
    case 'waitlisted':
      return {
        subject: `En liste d’attente : ${message.seat.title}`,
        heading: `Vous êtes ${ordinal(message.waitlistPosition, 'fr')} en attente`,
        paragraphs: [
          `Bonjour ${message.name}, ce Café est complet. Dès qu’une place se libère pour vous, elle est à vous et nous vous écrivons.`,
        ],
        seat: message.seat,
        action: { label: 'Voir ma place dans la file', url: message.seat.url },
      };
    case 'cancelled':
      return {
        subject: `Place annulée : ${message.seat.title}`,
        heading: 'Votre inscription est annulée',
        paragraphs: [
          `Bonjour ${message.name}, vous n’avez plus de place ici. L’annulation jointe retire le rendez-vous de votre agenda.`,
        ],
        seat: message.seat,
        action: { label: 'Voir le programme', url: message.programmeUrl },
      };
  }
}

function english(message: MailMessage): Letter {
  switch (message.kind) {
    case 'sign-in-code':
      return {
        subject: `${spaced(message.code)} is your sign-in code`,
        heading: 'Your sign-in code',
        paragraphs: [
          'Type these six digits on the page where you asked for them, or follow the link. They are good for 30 minutes.',
        ],
        code: spaced(message.code),
        action: { label: 'Sign in', url: message.link },
        note: 'You asked for nothing? Do nothing: without this code nobody gets in.',
      };
    case 'prove-address': {
      const { seat, expiresAt, waitlistPosition } = message;
      const kept = expiresAt
        ? `Hello ${message.name}, a seat is kept for you until ${clock(expiresAt, seat.timeZone, 'en')}. Confirm your address to make it yours.`
        : `Hello ${message.name}, you are ${ordinal(waitlistPosition ?? 1, 'en')} in line. Confirm your address so that we can give you the first seat that is freed.`;
      return {
        subject: expiresAt ? `Confirm your seat: ${seat.title}` : `Confirm your address: ${seat.title}`,
        heading: expiresAt ? 'Your seat is kept' : 'You are in line',
        paragraphs: [kept],
        seat,
        code: spaced(message.code),
        action: { label: expiresAt ? 'Confirm my seat' : 'Confirm my address', url: message.link },
        note: 'You asked for nothing? Do nothing: the seat will be given back by itself.',
      };
    }
    case 'confirmed':
    case 'moved-up':
    case 'swapped': {
      const { subject, heading } = {
        confirmed: { subject: 'Seat confirmed', heading: 'Your seat is confirmed' },
        'moved-up': { subject: 'A seat was freed for you', heading: 'A seat was freed, and it is yours' },
        swapped: { subject: 'Swap done', heading: 'You changed to another Café' },
      }[message.kind];
      return {
        subject: `${subject}: ${message.seat.title}`,
        heading,
        paragraphs: [
          `Hello ${message.name}, show this code at the door. The invitation attached puts the meeting into your calendar.`,
          ...(message.kind === 'swapped'
            ? ['Your other seat at that time is given back; its ticket is no longer good.']
            : []),
        ],
        seat: message.seat,
        ticket: message.ticket,
        action: { label: 'See my ticket', url: message.seat.url },
        note: 'Something came up? Cancel on that page: your seat goes to the next person at once.',
      };
    }
    case 'offered':
      return {
        subject: `A seat is waiting for you: ${message.seat.title}`,
        heading: 'A seat is offered to you',
        paragraphs: [
          `Hello ${message.name}, this seat is yours if you accept it by ${dayAndClock(message.expiresAt, message.seat.timeZone, 'en')}. After that it goes to the next person.`,
          ...(message.swaps ? ['You already have a seat at that time: accepting this one gives the other back.'] : []),
        ],
        seat: message.seat,
        action: { label: 'Answer the offer', url: message.seat.url },
      };
    case 'offer-expired':
      return {
        subject: `The offer has expired: ${message.seat.title}`,
        heading: 'The offer has expired',
        paragraphs: [
          `Hello ${message.name}, you did not accept this seat in time: you are no longer in the line of this Café.`,
        ],
        seat: message.seat,
        action: { label: 'See the programme', url: message.programmeUrl },
      };
    case 'line-closed':
      return {
        subject: `The wait is over: ${message.seat.title}`,
        heading: 'The waitlist is closed',
        paragraphs: [
          `Hello ${message.name}, no seat was freed for you in this Café. Other Cafés may still have seats.`,
        ],
        seat: message.seat,
        action: { label: 'See the programme', url: message.programmeUrl },
      };
    case 'cafe-moved':
      return {
        subject: `New time or room: ${message.seat.title}`,
        heading: 'Your Café has a new time or room',
        paragraphs: [
          `Hello ${message.name}, this is where and when it takes place now. Your registration stays the same.`,
        ],
        seat: message.seat,
        action: { label: 'See my registration', url: message.seat.url },
      };
    case 'waitlisted':
      return {
        subject: `On the waitlist: ${message.seat.title}`,
        heading: `You are ${ordinal(message.waitlistPosition, 'en')} in line`,
        paragraphs: [
          `Hello ${message.name}, this Café is full. As soon as a seat is freed for you, it is yours and we write to you.`,
        ],
        seat: message.seat,
        action: { label: 'See my place in line', url: message.seat.url },
      };
    case 'cancelled':
      return {
        subject: `Seat cancelled: ${message.seat.title}`,
        heading: 'Your registration is cancelled',
        paragraphs: [
          `Hello ${message.name}, you no longer have a seat here. The cancellation attached takes the meeting out of your calendar.`,
        ],
        seat: message.seat,
        action: { label: 'See the programme', url: message.programmeUrl },
      };
  }
}

/** “482 913”: easier to read and to type. */
function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}
