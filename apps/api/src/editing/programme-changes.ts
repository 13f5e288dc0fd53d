import { Injectable } from '@nestjs/common';
import type { CafeEdit } from '#contract';
import { type CafeChanged, CafeEditing } from '#programme';
import { CafeChanges } from '#seats';
import { ProgrammeAnswers } from '../programme/programme-answers.ts';

/** Changes Cafés, and shows committed changes of programmes on open pages. */
@Injectable()
export class ProgrammeChanges {
  readonly #cafes: CafeEditing;
  readonly #seats: CafeChanges;
  readonly #answers: ProgrammeAnswers;

  constructor(cafes: CafeEditing, seats: CafeChanges, answers: ProgrammeAnswers) {
    this.#cafes = cafes;
    this.#seats = seats;
    this.#answers = answers;
  }

  /** Changes a Café and publishes the change. @throws as `CafeEditing.change` */
  async change(
    cafeId: string,
    edit: CafeEdit,
    options: { by: string; expectVersion?: number; move?: boolean },
  ): Promise<CafeChanged> {
    const changed = await this.#cafes.change(cafeId, edit, options);
    await this.changed(changed.eventId, [cafeId], changed.registrationIds);
    return changed;
  }

  /** Shows a committed change of an event on open pages. */
  async changed(eventId: string, cafeIds: string[] = [], registrationIds: string[] = []): Promise<void> {
    this.#answers.changedEvent(eventId);
    await this.#seats.publish(cafeIds, registrationIds);
  }
}
