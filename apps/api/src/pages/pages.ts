import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EventProgramme, type EventSummary, Id, type Locale, Slug } from '#contract';
import { type Configuration, PROJECT_ROOT } from '#platform';
import { addAssets } from '../http/assets.ts';
import { localeOf } from '../http/locale.ts';
import { answerHeaders } from '../http/security-headers.ts';
import type { ProgrammeAnswers } from '../programme/programme-answers.ts';
import { CachedAnswer, type PublicAnswer } from '../programme/public-answer.ts';
import { Documents, type Page } from './document.ts';
import { cafePage, eventsPage, programmePage, scriptedPage } from './programme-html.ts';
import { robots, sitemap } from './robots.ts';

/** The folder of the built pages. */
const PAGES_FOLDER = path.join(PROJECT_ROOT, 'dist/web');
/** The folder of the pages of the previous build. */
const PREVIOUS_PAGES_FOLDER = path.join(PROJECT_ROOT, 'dist/web-previous');
/** The pages that scripts fill. The spec compares them, and those of the programme, with the routes of apps/web/src/main.tsx. */
const SCRIPTED_PAGES = [
  '/cafes/:id/group',
  '/me',
  '/me/settings',
  '/registrations/:id',
  '/sign-in',
  '/host',
  '/host/cafes/:id',
  '/organiser',
  '/organiser/import',
  '/organiser/events/:slug/import',
  '/organiser/cafes/:id',
];
/** Paths below which there are no pages: an unknown path there is answered with a problem of the API. */
const NO_PAGE = /^\/(api|board|health)(\/|\?|$)/;
/** The maximum number of cached rendered pages. The page that was requested least recently is removed first. */
const CACHED_MAX = 200;
const HTML = 'text/html; charset=utf-8';

/**
 * The pages: the files of the web app, its document for each page, and the programme and the Cafés rendered as HTML for clients without
 * scripts (docs/adr/0038).
 */
class Pages {
  readonly #answers: ProgrammeAnswers;
  readonly #documents: Documents;
  readonly #publicUrl: string;
  readonly #headers: Record<string, string>;
  /**
   * The key is the answer from which a page is rendered, the path and the number of ended Cafés. The page that was requested last comes
   * last.
   */
  readonly #cached = new Map<string, CachedAnswer>();

  constructor(answers: ProgrammeAnswers, configuration: Configuration) {
    this.#answers = answers;
    this.#publicUrl = configuration.PUBLIC_URL;
    this.#documents = new Documents(path.join(PAGES_FOLDER, 'index.html'), configuration.PUBLIC_URL);
    this.#headers = answerHeaders(configuration).forPages;
  }

  addTo(server: FastifyInstance): void {
    this.#addRendered(server, '/', (request) => this.#firstProgramme(request));
    this.#addRendered(server, '/events', (request) => this.#events(request));
    this.#addRendered(server, '/events/:slug', (request) => this.#programme(request));
    this.#addRendered(server, '/cafes/:id', (request) => this.#cafe(request));
    for (const page of SCRIPTED_PAGES) {
      server.get(page, async (request, reply) => {
        if (page === '/me') reply.header('link', preload(`/events?locale=${localeOf(request)}`));
        return this.#write(reply, 200, scriptedPage(localeOf(request)));
      });
    }
    server.get('/robots.txt', (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(robots(this.#publicUrl)),
    );
    server.get('/sitemap.xml', async (_request, reply) => {
      const events = (await this.#answers.events('fr')).value();
      const found = await Promise.all(events.map(({ slug }) => this.#answers.event(slug, 'fr')));
      const programmes = found.flatMap((answer) => answer?.value() ?? []);
      return reply.type('application/xml; charset=utf-8').send(sitemap(this.#publicUrl, programmes));
    });
    // Any other path: a page that says so, if a person requests it.
    server.get('/*', async (request, reply) => {
      if (NO_PAGE.test(request.url) || !request.headers.accept?.includes('text/html')) return reply.callNotFound();
      return this.#write(reply, 404, scriptedPage(localeOf(request)));
    });
  }

  /**
   * Adds a page of the programme. While the database is unavailable, the page is sent without content, and scripts fill it later.
   * @param render returns the cached page, or the page for an unknown path
   */
  #addRendered(
    server: FastifyInstance,
    route: string,
    render: (request: FastifyRequest) => Promise<CachedAnswer | Page>,
  ): void {
    server.get(route, async (request, reply) => {
      const found = await render(request).catch(() => undefined);
      if (found instanceof CachedAnswer) return found.send(request, reply, this.#headers);
      return this.#write(reply, found ? 404 : 200, found ?? scriptedPage(localeOf(request)));
    });
  }

  /** The programme of the event that takes place now or next. */
  async #firstProgramme(request: FastifyRequest): Promise<CachedAnswer> {
    const locale = localeOf(request);
    const events = await this.#answers.events(locale);
    const first = firstOf(events.value(), Date.now());
    const answer = first && (await this.#answers.event(first.slug, locale));
    return answer ? this.#ofEvent(answer, request, locale) : this.#ofEvents(events, locale);
  }

  async #events(request: FastifyRequest): Promise<CachedAnswer> {
    const locale = localeOf(request);
    return this.#ofEvents(await this.#answers.events(locale), locale);
  }

  async #programme(request: FastifyRequest): Promise<CachedAnswer | Page> {
    const locale = localeOf(request);
    const slug = Slug.safeParse((request.params as { slug: string }).slug);
    const answer = slug.success ? await this.#answers.event(slug.data, locale) : undefined;
    if (answer) return this.#ofEvent(answer, request, locale);
    return eventsPage((await this.#answers.events(locale)).value(), locale);
  }

  async #cafe(request: FastifyRequest): Promise<CachedAnswer | Page> {
    const locale = localeOf(request);
    const id = Id.safeParse((request.params as { id: string }).id);
    const answer = id.success ? await this.#answers.cafe(id.data, locale) : undefined;
    if (!answer) return scriptedPage(locale);
    const cafe = answer.value();
    const events = (await this.#answers.events(locale)).value();
    const slug = events.find((event) => event.id === cafe.eventId)?.slug;
    const programme = slug === undefined ? undefined : await this.#answers.event(slug, locale);
    if (!slug || !programme) return scriptedPage(locale);
    const now = Date.now();
    const isOver = Date.parse(cafe.endsAt) <= now;
    const event = programme.value();
    return this.#cachedPage(`${answer.tag} ${event.title} ${isOver}`, locale, slug, `/cafes/${cafe.id}`, () =>
      cafePage(cafe, event, locale, now),
    );
  }

  #ofEvent(answer: PublicAnswer<EventProgramme>, { url }: FastifyRequest, locale: Locale): CachedAnswer {
    const event = answer.value();
    const now = Date.now();
    const over = event.cafes.filter(({ endsAt }) => Date.parse(endsAt) <= now).length;
    // Scripts filter the programme by the query of the address. Until then, its outline is shown.
    const isFiltered = [...new URL(url, this.#publicUrl).searchParams.keys()].some((key) => key !== 'locale');
    return this.#cachedPage(`${answer.tag} ${over} ${isFiltered}`, locale, event.slug, undefined, () => {
      const page = programmePage(event, locale, now);
      return isFiltered ? { ...page, main: undefined, withoutScript: page.main } : page;
    });
  }

  #ofEvents(answer: PublicAnswer<EventSummary[]>, locale: Locale): CachedAnswer {
    return this.#cachedPage(answer.tag, locale, undefined, undefined, () => eventsPage(answer.value(), locale));
  }

  /**
   * Returns the cached page of a key, rendered at its first request.
   * @param slug the event whose programme the page reads next, and `cafe` the path of its Café: both are preloaded
   */
  #cachedPage(
    key: string,
    locale: Locale,
    slug: string | undefined,
    cafe: string | undefined,
    make: () => Page,
  ): CachedAnswer {
    const full = `${key} ${locale} ${cafe ?? ''}`;
    let cached = this.#cached.get(full);
    if (!cached) {
      const paths = ['/events', slug && `/events/${slug}`, cafe].filter(Boolean);
      const link = paths.map((each) => preload(`${each}?locale=${locale}`)).join(', ');
      cached = new CachedAnswer(Buffer.from(this.#documents.write(make())), { 'content-type': HTML, link });
    }
    this.#cached.delete(full);
    this.#cached.set(full, cached);
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > CACHED_MAX && oldest !== undefined) this.#cached.delete(oldest);
    return cached;
  }

  #write(reply: FastifyReply, status: 200 | 404, page: Page): FastifyReply {
    return reply
      .code(status)
      .headers({ 'cache-control': 'no-cache', vary: 'Accept-Language' })
      .type(HTML)
      .send(this.#documents.write(page));
  }
}

/**
 * Returns the event of the first page: the one that takes place now or next, otherwise the one that ended last. The pages choose it in the
 * same way (apps/web/src/shared/sort-events.ts). @param now in milliseconds since 1970
 */
function firstOf(events: EventSummary[], now: number): EventSummary | undefined {
  const sorted = events.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt));
  return sorted.find(({ endsAt }) => Date.parse(endsAt) > now) ?? sorted.at(-1);
}

/**
 * A header with which a client fetches an answer of the API in parallel to the scripts, not after them. The address is one that the pages
 * use (apps/web/src/shared/data.ts). A client that chose another language than the browser's fetches it again.
 */
function preload(call: string): string {
  return `</api/v1${call}>; rel=preload; as=fetch; crossorigin=anonymous`;
}

/** Serves the web app, and the assets of the API's documentation. Files with a hash in their name are cached permanently. */
export async function addPages(
  server: FastifyInstance,
  answers: ProgrammeAnswers,
  configuration: Configuration,
): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.join(PROJECT_ROOT, 'node_modules/swagger-ui-dist'),
    prefix: '/api/v1/docs/assets/',
    decorateReply: false,
    index: false,
    allowedPath: (file) => /^\/swagger-ui(-bundle)?\.(css|js)$/.test(file),
    maxAge: '1d',
  });
  if (!existsSync(path.join(PAGES_FOLDER, 'index.html'))) return;
  await addAssets(server, [PAGES_FOLDER, PREVIOUS_PAGES_FOLDER]);
  new Pages(answers, configuration).addTo(server);
}
