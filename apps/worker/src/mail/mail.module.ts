import { Module } from '@nestjs/common';
import { addressOf, createMailTransport, MailTransport, openTickets, TypedText } from '#mail';
import {
  AttendeeReader,
  MailBudget,
  MailData,
  openMailBudget,
  ProgrammeReader,
  SeatReader,
  SignInReader,
} from '#notifications';
import { Configuration, Database } from '#platform';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { MailProcessor } from './mail.processor.ts';
import { mailDomain } from './mail-domain.ts';

function openTransport(configuration: Configuration): MailTransport {
  const { SMTP_URL, MAIL_FROM, MAIL_CONNECTIONS_MAX, MAIL_DKIM_KEY, MAIL_DKIM_SELECTOR } = configuration;
  return createMailTransport({
    smtpUrl: SMTP_URL,
    from: MAIL_FROM,
    connectionsMax: MAIL_CONNECTIONS_MAX,
    ...(MAIL_DKIM_KEY && {
      dkim: { domain: mailDomain(configuration), selector: MAIL_DKIM_SELECTOR, privateKey: MAIL_DKIM_KEY },
    }),
  });
}

/** Sends the messages that are owed. */
@Module({
  imports: [MetricsModule],
  providers: [
    { provide: MailTransport, useFactory: openTransport, inject: [Configuration] },
    { provide: MailBudget, useFactory: (database: Database) => openMailBudget({ database }), inject: [Database] },
    {
      provide: MailData,
      useFactory: (
        attendees: AttendeeReader,
        signIn: SignInReader,
        seats: SeatReader,
        programme: ProgrammeReader,
        budget: MailBudget,
        { APP_SECRET, TICKET_KEYS, PUBLIC_URL, MAIL_FROM }: Configuration,
      ) =>
        new MailData<TypedText>({
          attendees,
          signIn,
          seats,
          programme,
          budget,
          tickets: openTickets(APP_SECRET, TICKET_KEYS),
          publicUrl: PUBLIC_URL,
          organiserEmail: addressOf(MAIL_FROM),
          typed: (text) => new TypedText(text),
        }),
      inject: [AttendeeReader, SignInReader, SeatReader, ProgrammeReader, MailBudget, Configuration],
    },
    MailProcessor,
  ],
})
export class MailModule {}
