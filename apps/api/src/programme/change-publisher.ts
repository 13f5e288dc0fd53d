import { Injectable } from '@nestjs/common';
import type { SeatChange } from '#contract';
import { SeatFeed } from '#live';
import type { SeatPublisher } from '#seats';
import { ProgrammeAnswers } from './programme-answers.ts';

/** Expires the programme answers of this process that a commit made old, and publishes the commit on the seat feed. */
@Injectable()
export class ChangePublisher implements SeatPublisher {
  readonly #feed: SeatFeed;
  readonly #answers: ProgrammeAnswers;

  constructor(feed: SeatFeed, answers: ProgrammeAnswers) {
    this.#feed = feed;
    this.#answers = answers;
  }

  publish(changed: SeatChange): void {
    this.#answers.changed(changed.cafeIds);
    this.#feed.publish(changed);
  }
}
