import { Controller } from '@nestjs/common';
import type { CafeImpact, EditedCafe } from '#contract';
import { Attendees } from '#identity';
import { CafeEditing } from '#programme';
import { type CallInput, Handles } from '../http/call.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { EditedView } from './edited-view.ts';
import { ProgrammeChanges } from './programme-changes.ts';

/** Adding, copying, ordering and deleting Cafés, and what a change of one would do. */
@Controller()
export class CafesController {
  readonly #editing: CafeEditing;
  readonly #changes: ProgrammeChanges;
  readonly #edited: EditedView;
  readonly #view: CafeView;
  readonly #attendees: Attendees;

  constructor(
    editing: CafeEditing,
    changes: ProgrammeChanges,
    edited: EditedView,
    view: CafeView,
    attendees: Attendees,
  ) {
    this.#editing = editing;
    this.#changes = changes;
    this.#edited = edited;
    this.#view = view;
    this.#attendees = attendees;
  }

  @Handles('POST /events/{slug}/cafes')
  async add({ event, body, session }: CallInput<'POST /events/{slug}/cafes'>): Promise<EditedCafe> {
    const id = await this.#editing.add(event.id, body, session.attendeeId);
    await this.#changes.changed(event.id, [id]);
    return this.#edited.cafe(id);
  }

  @Handles('GET /cafes/{id}/programme')
  cafe({ id }: CallInput<'GET /cafes/{id}/programme'>): Promise<EditedCafe> {
    return this.#edited.cafe(id);
  }

  @Handles('POST /cafes/{id}/impact')
  async impact({ id, body, locale, session }: CallInput<'POST /cafes/{id}/impact'>): Promise<CafeImpact> {
    const { clashes, place: _place, ...impact } = await this.#editing.preview(id, body, session.attendeeId);
    const [names, titles] = await Promise.all([
      this.#attendees.findByIds(clashes.map(({ attendeeId }) => attendeeId)),
      this.#view.titles([...new Set(clashes.map(({ otherCafeId }) => otherCafeId))], locale),
    ]);
    return {
      ...impact,
      clashes: clashes.map(({ registrationId, attendeeId, otherCafeId }) => ({
        registrationId,
        name: names.get(attendeeId)?.name ?? '',
        otherCafeId,
        otherTitle: titles.get(otherCafeId) ?? '',
      })),
    };
  }

  @Handles('POST /cafes/{id}/duplicate')
  async duplicate({ id, body, cafe, session }: CallInput<'POST /cafes/{id}/duplicate'>): Promise<EditedCafe> {
    const copyId = await this.#editing.duplicate(id, body, session.attendeeId);
    await this.#changes.changed(cafe.eventId, [copyId]);
    return this.#edited.cafe(copyId);
  }

  @Handles('DELETE /cafes/{id}')
  async remove({ id, cafe, session }: CallInput<'DELETE /cafes/{id}'>): Promise<void> {
    await this.#editing.remove(id, session.attendeeId);
    await this.#changes.changed(cafe.eventId);
  }

  @Handles('POST /events/{slug}/cafe-order')
  async reorder({ event, body, session }: CallInput<'POST /events/{slug}/cafe-order'>): Promise<EditedCafe[]> {
    await this.#editing.reorder(event.id, body.ids, session.attendeeId);
    await this.#changes.changed(event.id);
    return (await this.#edited.programme(event.id)).cafes;
  }
}
