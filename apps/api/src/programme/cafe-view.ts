import { Injectable } from '@nestjs/common';
import { type Cafe, type Locale, ProblemError } from '#contract';
import { type CafeFacts, localiseCafe, Programme } from '#programme';
import { type SeatClash, SeatReads } from '#seats';
import { isDraft } from '../http/access.ts';

/** One Café as the API shows it: its facts and its counts together. A draft is not there for anybody. */
@Injectable()
export class CafeView {
  readonly #programme: Programme;
  readonly #seats: SeatReads;

  constructor(programme: Programme, seats: SeatReads) {
    this.#programme = programme;
    this.#seats = seats;
  }

  /** @throws ProblemError `cafe-not-found` */
  async facts(cafeId: string): Promise<CafeFacts> {
    const cafe = await this.#programme.cafe(cafeId);
    if (!cafe) throw new ProblemError('cafe-not-found');
    return cafe;
  }

  /** The facts of a Café that is no draft. @throws ProblemError `cafe-not-found` */
  async visible(cafeId: string): Promise<CafeFacts> {
    const [facts, draft] = await Promise.all([this.facts(cafeId), isDraft(this.#seats, cafeId)]);
    if (draft) throw new ProblemError('cafe-not-found');
    return facts;
  }

  /** @throws ProblemError `cafe-not-found` */
  async cafe(cafeId: string, locale: Locale, { drafts = false } = {}): Promise<Cafe> {
    const [facts, [counts]] = await Promise.all([this.facts(cafeId), this.#seats.cafeSeats([cafeId])]);
    if (!counts || (counts.state === 'draft' && !drafts)) throw new ProblemError('cafe-not-found');
    return localiseCafe(facts, locale, counts);
  }

  /** The titles of Cafés, by id. */
  async titles(cafeIds: string[], locale: Locale): Promise<Map<string, string>> {
    const cafes = await this.#programme.cafes(cafeIds);
    return new Map(cafes.map((cafe) => [cafe.id, cafe.texts[locale].title]));
  }

  /** The titles of a Café and of its event, and the time zone of the event. @throws ProblemError `cafe-not-found` */
  async placed(cafeId: string, locale: Locale): Promise<{ title: string; eventTitle: string; timeZone: string }> {
    const { texts, eventId } = await this.facts(cafeId);
    const event = await this.#programme.eventById(eventId);
    if (!event) throw new ProblemError('cafe-not-found');
    return { title: texts[locale].title, eventTitle: event.title[locale], timeZone: event.timeZone };
  }

  /** Run it; where it ends in a clash, name the Cafés in the way in the person's language. */
  async withTitles<T>(locale: Locale, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (fault) {
      if (!(fault instanceof ProblemError) || fault.code !== 'schedule-clash') throw fault;
      const clashes = fault.members.clashesWith as SeatClash[];
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
