import { Global, Module } from '@nestjs/common';
import { calendarEntry } from '#calendar';
import { Attendees, RegistrationLinks, ReminderLinks, Roles, SignInMails } from '#identity';
import { CountsReader, SeatFeed } from '#live';
import { MailAttachments } from '#mail';
import { AttendeeReader, DueReader, ProgrammeReader, SeatReader, SignInReader, TicketSigner } from '#notifications';
import { Programme } from '#programme';
import { AttendanceReads, CountReads, MessageReads, RegistrationReads, ScheduleReads, SeatPublisher } from '#seats';
import { qrCodePng, Tickets } from '#tickets';
import { attendeeReader, programmeReader, seatReader, signInReader } from './readers.ts';

/** Provides the reader classes of libs with the libs that own the data. */
@Global()
@Module({
  providers: [
    { provide: SeatPublisher, useExisting: SeatFeed },
    { provide: CountsReader, useExisting: CountReads },
    { provide: MailAttachments, useValue: { ticketImage: qrCodePng, calendarEntry } },
    { provide: TicketSigner, useExisting: Tickets },
    { provide: DueReader, useExisting: ScheduleReads },
    { provide: AttendeeReader, useFactory: attendeeReader, inject: [Attendees, Roles] },
    { provide: SignInReader, useFactory: signInReader, inject: [SignInMails, RegistrationLinks, ReminderLinks] },
    {
      provide: SeatReader,
      useFactory: seatReader,
      inject: [MessageReads, RegistrationReads, AttendanceReads, ScheduleReads, Attendees],
    },
    { provide: ProgrammeReader, useFactory: programmeReader, inject: [Programme] },
  ],
  exports: [
    SeatPublisher,
    CountsReader,
    MailAttachments,
    TicketSigner,
    DueReader,
    AttendeeReader,
    SignInReader,
    SeatReader,
    ProgrammeReader,
  ],
})
export class ReadersModule {}
