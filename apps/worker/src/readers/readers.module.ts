import { Global, Module } from '@nestjs/common';
import { calendarEntry } from '#calendar';
import { Attendees, RegistrationLinks, ReminderLinks, Roles, SignIn } from '#identity';
import { CountsReader, SeatFeed } from '#live';
import { MailAttachments } from '#mail';
import { AttendeeReader, DueReader, ProgrammeReader, SeatReader, SignInReader, TicketSigner } from '#notifications';
import { Programme } from '#programme';
import { ScheduleReads, SeatPublisher, SeatReads } from '#seats';
import { qrCodePng, Tickets } from '#tickets';
import { attendeeReader, programmeReader, seatReader, signInReader } from './readers.ts';

/** Binds what libs ask of each other to the libs that have it. */
@Global()
@Module({
  providers: [
    { provide: SeatPublisher, useExisting: SeatFeed },
    { provide: CountsReader, useExisting: SeatReads },
    { provide: MailAttachments, useValue: { ticketImage: qrCodePng, calendarEntry } },
    { provide: TicketSigner, useExisting: Tickets },
    { provide: DueReader, useExisting: ScheduleReads },
    { provide: AttendeeReader, useFactory: attendeeReader, inject: [Attendees, Roles] },
    { provide: SignInReader, useFactory: signInReader, inject: [SignIn, RegistrationLinks, ReminderLinks] },
    { provide: SeatReader, useFactory: seatReader, inject: [SeatReads, ScheduleReads, Attendees] },
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
