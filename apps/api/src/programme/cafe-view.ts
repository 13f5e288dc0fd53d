import { Injectable } from '@nestjs/common';
import { type Cafe, type Locale, ProblemError } from '#contract';
import { type CafeFacts, localiseCafe, localiseEvent, localiseTexts, Programme } from '#programme';
import { CountReads, type SeatClash } from '#seats';
import { isDraft } from '../http/access.ts';

/** Reads a Café in the form of the API, with its texts and its counts. A draft is not found. */
@Injectable()
export class CafeView {
  readonly #programme: Programme;
  readonly #counts: CountReads;

  constructor(programme: Programme, counts: CountReads) {
    this.#programme = programme;
    this.#counts = counts;
  }

  /** @throws ProblemError `cafe-not-found` */
  async facts(cafeId: string): Promise<CafeFacts> {
    const cafe = await this.#programme.cafe(cafeId);
    if (!cafe) throw new ProblemError('cafe-not-found');
    return cafe;
  }

  /** Returns the facts of a Café that is not a draft. @throws ProblemError `cafe-not-found` */
  async visible(cafeId: string): Promise<CafeFacts> {
    const [facts, draft] = await Promise.all([this.facts(cafeId), isDraft(this.#counts, cafeId)]);
    if (draft) throw new ProblemError('cafe-not-found');
    return facts;
  }

  /** @throws ProblemError `cafe-not-found` */
  async cafe(cafeId: string, locale: Locale, { drafts = false } = {}): Promise<Cafe> {
    const [facts, [counts]] = await Promise.all([this.facts(cafeId), this.#counts.cafeSeats([cafeId])]);
    if (!counts || (counts.state === 'draft' && !drafts)) throw new ProblemError('cafe-not-found');
    return localiseCafe(facts, locale, counts);
  }

  /** Returns the titles of Cafés, by id. */
  async titles(cafeIds: string[], locale: Locale): Promise<Map<string, string>> {
    const cafes = await this.#programme.cafes(cafeIds);
    return new Map(cafes.map((cafe) => [cafe.id, localiseTexts(cafe, locale).title]));
  }

  /** Returns the titles of a Café and of its event, and the time zone of the event. @throws ProblemError `cafe-not-found` */
  async placed(cafeId: string, locale: Locale): Promise<{ title: string; eventTitle: string; timeZone: string }> {
    const cafe = await this.facts(cafeId);
    const event = await this.#programme.event({ id: cafe.eventId });
    if (!event) throw new ProblemError('cafe-not-found');
    return {
      title: localiseTexts(cafe, locale).title,
      eventTitle: localiseEvent(event, locale).title,
      timeZone: event.timeZone,
    };
  }

  /** Runs a change. If it fails because of a clash, adds the titles of the clashing Cafés to the problem. */
  async withTitles<T>(locale: Locale, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'schedule-clash') throw error;
      const clashes = error.members.clashesWith as SeatClash[];
      const titles = await this.titles(
        clashes.map(({ cafeId }) => cafeId),
        locale,
      );
      throw new ProblemError('schedule-clash', {
        clashesWith: clashes.map((clash) => ({ ...clash, title: titles.get(clash.cafeId) ?? '' })),
      });
    }
  }
}
