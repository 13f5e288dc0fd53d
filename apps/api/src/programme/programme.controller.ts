import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { Id, ProblemError, type RoomSeats } from '#contract';
import { PUBLIC_ANSWER } from '../http/security-headers.ts';
import { PARTS, type Parts } from '../parts.ts';

/** What everybody may read of the programme, besides what `addProgrammeReads` answers. */
@Controller()
export class ProgrammeController {
  readonly #parts: Parts;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  @Get('rooms/:id/seats')
  @Header('cache-control', PUBLIC_ANSWER)
  async seats(@Param('id', { schema: Id }) id: string): Promise<RoomSeats> {
    const { programme, seats } = this.#parts;
    const [room, cafes] = await Promise.all([programme.room(id), seats.seatsOfRoom(id)]);
    if (!room) throw new ProblemError('room-not-found');
    return { roomId: id, version: cafes.reduce((sum, { version }) => sum + version, 0), cafes };
  }
}
