import { Controller } from '@nestjs/common';
import { ProblemError, type RoomSeats } from '#contract';
import { Programme } from '#programme';
import { CountReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';

/** The public calls of the programme that `ProgrammeReads` does not answer. */
@Controller()
export class ProgrammeController {
  readonly #programme: Programme;
  readonly #counts: CountReads;

  constructor(programme: Programme, counts: CountReads) {
    this.#programme = programme;
    this.#counts = counts;
  }

  @Handles('GET /rooms/{id}/seats')
  async seats({ id }: CallInput<'GET /rooms/{id}/seats'>): Promise<RoomSeats> {
    const [room, cafes] = await Promise.all([this.#programme.room(id), this.#counts.seatsOfRoom(id)]);
    const event = room && (await this.#programme.event({ id: room.eventId }));
    if (event?.state !== 'published') throw new ProblemError('room-not-found');
    return { roomId: id, version: cafes.reduce((sum, { version }) => sum + version, 0), cafes };
  }
}
