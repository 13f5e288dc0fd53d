import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { CalendarController } from './calendar.controller.ts';
import { Claims } from './claims.ts';
import { DelegationsController } from './delegations.controller.ts';
import { OwnSeats } from './own-seats.ts';
import { RegistrationsController } from './registrations.controller.ts';
import { TicketsController } from './tickets.controller.ts';

/** Claims, the registrations of an attendee and their changes, tickets and calendars. */
@Module({
  imports: [ProgrammeApiModule],
  controllers: [RegistrationsController, DelegationsController, TicketsController, CalendarController],
  providers: [OwnSeats, Claims],
  exports: [Claims],
})
export class RegistrationsModule {}
