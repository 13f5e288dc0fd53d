import { Module } from '@nestjs/common';
import { emailAddress, TypedText } from '#mail';
import {
  AttendeeReader,
  MailBudget,
  MailData,
  MailRecipients,
  openMailBudget,
  openMailRecipients,
  openSentMail,
  ProgrammeReader,
  SeatReader,
  SentMail,
  SignInReader,
  TicketSigner,
} from '#notifications';
import { Configuration, Database } from '#platform';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { MailProcessor } from './mail.processor.ts';
import { MailServerHealth } from './mail-server-health.ts';

/** Sends the messages of the outbox. */
@Module({
  imports: [MetricsModule],
  providers: [
    { provide: MailBudget, useFactory: (database: Database) => openMailBudget({ database }), inject: [Database] },
    {
      provide: MailRecipients,
      useFactory: (database: Database) => openMailRecipients({ database }),
      inject: [Database],
    },
    { provide: SentMail, useFactory: (database: Database) => openSentMail({ database }), inject: [Database] },
    {
      provide: MailData,
      useFactory: (
        attendees: AttendeeReader,
        signIn: SignInReader,
        seats: SeatReader,
        programme: ProgrammeReader,
        tickets: TicketSigner,
        budget: MailBudget,
        recipients: MailRecipients,
        sent: SentMail,
        { PUBLIC_URL, MAIL_FROM }: Configuration,
      ) =>
        new MailData<TypedText>({
          attendees,
          signIn,
          seats,
          programme,
          tickets,
          budget,
          recipients,
          sent,
          publicUrl: PUBLIC_URL,
          organiserEmail: emailAddress(MAIL_FROM),
          typed: (text) => new TypedText(text),
        }),
      inject: [
        AttendeeReader,
        SignInReader,
        SeatReader,
        ProgrammeReader,
        TicketSigner,
        MailBudget,
        MailRecipients,
        SentMail,
        Configuration,
      ],
    },
    MailServerHealth,
    MailProcessor,
  ],
})
export class MailSendingModule {}
