import { Controller } from '@nestjs/common';
import { type CalendarEntry, calendarFeed } from '#calendar';
import { type CallAnswer, type Locale, ProblemError } from '#contract';
import { emailAddress } from '#mail';
import { Configuration, Database } from '#platform';
import { type PublishedProgramme, readPublishedProgramme, scheduleJson, scheduleXml } from '#programme';
import { type CallInput, Handles } from '../http/call.ts';

/** A published programme as files that other programs read: a calendar, and schedules in the form of frab and pretalx. */
@Controller()
export class ExportsController {
  readonly #database: Database;
  readonly #configuration: Configuration;

  constructor(database: Database, configuration: Configuration) {
    this.#database = database;
    this.#configuration = configuration;
  }

  @Handles('GET /events/{slug}/programme.ics')
  async calendar({ slug, locale, reply }: CallInput<'GET /events/{slug}/programme.ics'>): Promise<string> {
    const programme = await this.#programme(slug, locale);
    reply.header('content-disposition', `inline; filename="${slug}.ics"`);
    return calendarFeed(
      programme.cafes.map((cafe) => this.#entry(cafe, programme)),
      programme.event.title,
    );
  }

  @Handles('GET /events/{slug}/schedule.json')
  async json({
    slug,
    locale,
  }: CallInput<'GET /events/{slug}/schedule.json'>): Promise<CallAnswer<'GET /events/{slug}/schedule.json'>> {
    return scheduleJson(await this.#programme(slug, locale), { publicUrl: this.#configuration.PUBLIC_URL });
  }

  @Handles('GET /events/{slug}/schedule.xml')
  async xml({ slug, locale }: CallInput<'GET /events/{slug}/schedule.xml'>): Promise<string> {
    return scheduleXml(await this.#programme(slug, locale), { publicUrl: this.#configuration.PUBLIC_URL });
  }

  async #programme(slug: string, locale: Locale): Promise<PublishedProgramme> {
    const programme = await readPublishedProgramme(this.#database, slug, locale);
    if (!programme) throw new ProblemError('event-not-found');
    return programme;
  }

  #entry(cafe: PublishedProgramme['cafes'][number], { event }: PublishedProgramme): CalendarEntry {
    const { MAIL_FROM, PUBLIC_URL } = this.#configuration;
    const description = [cafe.summary, cafe.speakers.join(', ')].filter(Boolean).join('\n\n');
    return {
      // The entry of a seat has the id of its registration, so both may stand in one calendar.
      registrationId: cafe.id,
      sequence: cafe.version,
      title: cafe.title,
      ...(description && { description }),
      startsAt: cafe.startsAt,
      endsAt: cafe.endsAt,
      timeZone: event.timeZone,
      location: cafe.room,
      url: `${PUBLIC_URL}/cafes/${cafe.id}`,
      organiser: { name: event.title, email: emailAddress(MAIL_FROM) },
    };
  }
}
