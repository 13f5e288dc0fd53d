import { Controller } from '@nestjs/common';
import { type Attendance, type CafeSeats, type NoShowRelease, ProblemError } from '#contract';
import { Attendees } from '#identity';
import { AttendanceReads, composeAttendance, PendingChanges, peopleOfAttendance } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';

/** The attendance of a Café, and the release of its no-shows. For its hosts and the organisers. */
@Controller()
export class AttendanceController {
  readonly #attendance: AttendanceReads;
  readonly #pending: PendingChanges;
  readonly #attendees: Attendees;

  constructor(attendance: AttendanceReads, pending: PendingChanges, attendees: Attendees) {
    this.#attendance = attendance;
    this.#pending = pending;
    this.#attendees = attendees;
  }

  @Handles('GET /cafes/{id}/attendance')
  async attendance({ id }: CallInput<'GET /cafes/{id}/attendance'>): Promise<Attendance> {
    const attendance = await this.#attendance.attendanceOf(id);
    if (!attendance) throw new ProblemError('cafe-not-found');
    const names = await this.#attendees.findByIds(peopleOfAttendance(attendance.people));
    return composeAttendance(attendance, names);
  }

  @Handles('POST /cafes/{id}/no-shows')
  async releaseNoShows({ id, body, session }: CallInput<'POST /cafes/{id}/no-shows'>): Promise<NoShowRelease> {
    await this.#pending.applyDue();
    return this.#pending.releaseNoShows(id, body.registrationIds, session.attendeeId, body.reason);
  }

  @Handles('DELETE /cafes/{id}/no-shows/{releaseId}')
  undoRelease(input: CallInput<'DELETE /cafes/{id}/no-shows/{releaseId}'>): Promise<CafeSeats> {
    const { id, releaseId, session } = input;
    return this.#pending.undoChange(id, { id: releaseId, of: 'release' }, session.attendeeId);
  }
}
