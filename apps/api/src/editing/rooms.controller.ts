import { Controller } from '@nestjs/common';
import type { EditedRoom } from '#contract';
import { RoomEditing } from '#programme';
import { type CallInput, Handles } from '../http/call.ts';
import { EditedView } from './edited-view.ts';
import { ProgrammeChanges } from './programme-changes.ts';

/** Adding, changing, ordering and deleting rooms. */
@Controller()
export class RoomsController {
  readonly #editing: RoomEditing;
  readonly #changes: ProgrammeChanges;
  readonly #edited: EditedView;

  constructor(editing: RoomEditing, changes: ProgrammeChanges, edited: EditedView) {
    this.#editing = editing;
    this.#changes = changes;
    this.#edited = edited;
  }

  @Handles('POST /events/{slug}/rooms')
  async add({ event, body, session }: CallInput<'POST /events/{slug}/rooms'>): Promise<EditedRoom> {
    const id = await this.#editing.add(event.id, body, session.attendeeId);
    await this.#changes.changed(event.id);
    return this.#edited.room(id);
  }

  @Handles('PATCH /rooms/{id}')
  async change(input: CallInput<'PATCH /rooms/{id}'>): Promise<EditedRoom> {
    const { id, room, body, session, expectVersion } = input;
    await this.#editing.change(id, body, { by: session.attendeeId, expectVersion });
    await this.#changes.changed(room.eventId);
    return this.#edited.room(id);
  }

  @Handles('DELETE /rooms/{id}')
  async remove({ id, room, session }: CallInput<'DELETE /rooms/{id}'>): Promise<void> {
    await this.#editing.remove(id, session.attendeeId);
    await this.#changes.changed(room.eventId);
  }

  @Handles('POST /events/{slug}/room-order')
  async reorder({ event, body, session }: CallInput<'POST /events/{slug}/room-order'>): Promise<EditedRoom[]> {
    await this.#editing.reorder(event.id, body.ids, session.attendeeId);
    await this.#changes.changed(event.id);
    return (await this.#edited.programme(event.id)).rooms;
  }
}
