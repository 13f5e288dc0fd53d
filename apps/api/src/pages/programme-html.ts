import type { Cafe, EventProgramme, EventSummary, Locale } from '#contract';
import type { Page } from './document.ts';
import { type Html, html, typeset } from './html.ts';
import { datedOf, daysOf, texts } from './texts.ts';

/** The share of free seats below which a Café is nearly full. */
const ALMOST_SHARE = 0.2;

/** Renders the programme of an event. @param now in milliseconds since 1970 */
export function programmePage(event: EventProgramme, locale: Locale, now: number): Page {
  const rooms = new Map(event.rooms.map(({ id, name }) => [id, name]));
  const days = daysOf(locale, event.timeZone, event.startsAt, event.endsAt);
  const rounds = new Map<string, Cafe[]>();
  for (const cafe of event.cafes) {
    const when = datedOf(locale, event.timeZone, cafe.startsAt, cafe.endsAt);
    rounds.set(when, [...(rounds.get(when) ?? []), cafe]);
  }
  const cards = (cafes: Cafe[]) => cafes.map((cafe) => card(cafe, rooms.get(cafe.roomId), locale, now));
  return {
    locale,
    title: event.title,
    description: `${days}. ${texts[locale].description}`,
    path: `/events/${event.slug}`,
    main: html`<h1>${typeset(event.title)}</h1><p class="event-days">${days}</p>${[...rounds].map(
      ([when, cafes]) =>
        html`<section class="round"><h2><span>${when}</span></h2><ul class="cards">${cards(cafes)}</ul></section>`,
    )}`,
    withoutScript: otherLanguage(locale),
  };
}

function card(cafe: Cafe, room: string | undefined, locale: Locale, now: number): Html {
  const { id, code, state, title, hosts, seats } = cafe;
  return html`<li class="card ${state}" data-cafe="${code}"><a href="/cafes/${id}">${table(cafe, 72, now)}<span class="card-text"><span class="eyebrow">${labelOf(cafe, locale)}${room && html` · <bdi>${room}</bdi>`}</span><strong>${typeset(title)}</strong><span class="hosts">${hosts.join(', ')}</span><span class="seats-line">${seatsOf(cafe, locale, now)}</span>${isOpen(cafe, now) && html`<span class="bar ${fullness(seats)}" aria-hidden="true"><span style="inline-size:${share(seats)}%"></span></span>`}</span></a></li>`;
}

/** Renders a Café. @param now in milliseconds since 1970 */
export function cafePage(cafe: Cafe, event: EventProgramme, locale: Locale, now: number): Page {
  const words = texts[locale];
  const room = event.rooms.find(({ id }) => id === cafe.roomId)?.name;
  const when = datedOf(locale, event.timeZone, cafe.startsAt, cafe.endsAt);
  const speakers = cafe.speakers.map((each) => [each.name, each.role, each.organisation].filter(Boolean).join(', '));
  const agenda = cafe.agenda.map(({ title, minutes }) => (minutes ? `${title} · ${minutes} min` : title));
  const facts: [string, string[]][] = [
    [words.hosts, cafe.hosts],
    [words.speakers, speakers],
    [words.audience, cafe.audience],
    [words.takeaways, cafe.takeaways],
    [words.agenda, agenda],
    [words.keywords, cafe.keywords],
  ];
  return {
    locale,
    title: cafe.title,
    description: `${when}${room ? ` · ${room}` : ''}. ${seatsOf(cafe, locale, now)}. ${cafe.summary ?? ''}`,
    path: `/cafes/${cafe.id}`,
    main: html`<article class="cafe"><p class="back"><a href="/events/${event.slug}"><span class="arrow" aria-hidden="true"></span> ${words.back}</a></p><header><p class="eyebrow">${labelOf(cafe, locale)}</p><h1>${typeset(cafe.title)}</h1><p class="when">${when}${room && html` · <span>${room}</span>`}</p></header><section class="seat-panel" aria-label="${seatsOf(cafe, locale, now)}">${table(cafe, 176, now)}<div class="seat-action"><p class="seats-line large">${seatsOf(cafe, locale, now)}</p><div class="claim"><noscript><p>${words.takeNeedsScript}</p></noscript></div></div></section>${cafe.summary && html`<p class="summary">${typeset(cafe.summary)}</p>`}<dl class="facts">${facts.map(([title, items]) => items.length > 0 && html`<div><dt>${title}</dt><dd><ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul></dd></div>`)}</dl></article>`,
    withoutScript: otherLanguage(locale),
  };
}

/** Renders the list of events: all events, or the notice that an event does not exist, followed by all events. */
export function eventsPage(events: EventSummary[], locale: Locale): Page {
  const words = texts[locale];
  return {
    locale,
    title: words.events,
    description: words.description,
    path: '/events',
    main: html`<h1>${words.events}</h1>${events.length === 0 && html`<p class="empty">${words.noEvents}</p>`}<ul class="events">${events.map(
      ({ slug, title, timeZone, startsAt, endsAt }) =>
        html`<li><a href="/events/${slug}">${title}</a><span class="event-days">${daysOf(locale, timeZone, startsAt, endsAt)}</span></li>`,
    )}</ul>`,
  };
}

/** Any other page. Scripts fill it. */
export function scriptedPage(locale: Locale): Page {
  const words = texts[locale];
  return {
    locale,
    title: words.programme,
    description: words.description,
    withoutScript: html`<p class="note">${words.needsScript} <a href="/">${words.programme}</a></p>`,
  };
}

function otherLanguage(locale: Locale): Html {
  const other = locale === 'fr' ? 'en' : 'fr';
  return html`<p class="hint"><a href="?locale=${other}" hreflang="${other}" lang="${other}">${texts[locale].otherLanguage}</a></p>`;
}

const labelOf = ({ kind, code }: Cafe, locale: Locale) => `${texts[locale].kind[kind]} ${code}`;

function isOpen({ state, endsAt }: Cafe, now: number): boolean {
  return state === 'open' && now < Date.parse(endsAt);
}

function seatsOf(cafe: Cafe, locale: Locale, now: number): string {
  const words = texts[locale];
  if (isOpen(cafe, now)) return words.seats(cafe.seats);
  return cafe.state === 'open' ? words.over : words.state[cafe.state];
}

function fullness({ free, capacity }: Cafe['seats']): string {
  if (free === 0) return 'full';
  return free <= Math.max(1, capacity * ALMOST_SHARE) ? 'almost' : 'free';
}

function share({ taken, capacity }: Cafe['seats']): number {
  return capacity === 0 ? 100 : Math.min(100, Math.round((taken / capacity) * 100));
}

/** The round table with the number of free seats, without its chairs: scripts draw them in the same place. */
function table(cafe: Cafe, size: number, now: number): Html {
  const open = isOpen(cafe, now);
  const style = cafe.state === 'cancelled' ? 'cancelled' : open ? fullness(cafe.seats) : 'closed';
  return html`<svg class="table ${style}" viewBox="0 0 100 100" width="${size}" height="${size}" aria-hidden="true"><circle cx="50" cy="50" r="31" class="table-top"/>${open && html`<text x="50" y="59" class="table-free" text-anchor="middle" font-size="27">${cafe.seats.free}</text>`}${cafe.state === 'cancelled' && html`<path d="M38 38 62 62M62 38 38 62" class="table-cross"/>`}</svg>`;
}
