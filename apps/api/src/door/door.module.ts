import { Module } from '@nestjs/common';
import { ProgrammeApiModule } from '../programme/programme-api.module.ts';
import { AttendanceController } from './attendance.controller.ts';
import { DoorController } from './door.controller.ts';

/** Attendance, check-ins, walk-ins and released seats. */
@Module({ imports: [ProgrammeApiModule], controllers: [AttendanceController, DoorController] })
export class DoorModule {}
