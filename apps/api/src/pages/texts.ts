import type { Cafe, CafeSeats, Locale } from '#contract';

/** The texts of the pages that the server renders. The pages in the browser have the same texts in apps/web/src/shared/words. */
interface Texts {
  programme: string;
  events: string;
  noEvents: string;
  back: string;
  needsScript: string;
  takeNeedsScript: string;
  description: string;
  seats: (seats: CafeSeats) => string;
  kind: Record<Cafe['kind'], string>;
  state: Record<Exclude<Cafe['state'], 'open'>, string>;
  over: string;
  hosts: string;
  speakers: string;
  audience: string;
  takeaways: string;
  agenda: string;
  keywords: string;
  otherLanguage: string;
}

const french: Texts = {
  programme: 'Programme',
  events: 'Événements',
  noEvents: 'Le programme n’est pas encore publié.',
  back: 'Tout le programme',
  needsScript: 'Cette page a besoin de JavaScript. Le programme se lit sans.',
  takeNeedsScript: 'Pour prendre une place, activez JavaScript dans votre navigateur.',
  description: 'Prenez une place à une table : les places libres, en direct.',
  seats: ({ free, capacity, waitlisted }) => {
    if (free === 0) return waitlisted > 0 ? `Complet, ${waitlisted} en attente` : 'Complet';
    return `${free} ${free > 1 ? 'places libres' : 'place libre'} sur ${capacity}`;
  },
  kind: { cafe: 'Café', stand: 'Stand', space: 'Espace' },
  state: { closed: 'Inscriptions closes', cancelled: 'Annulé', draft: 'Brouillon' },
  over: 'Terminé',
  hosts: 'Proposé par',
  speakers: 'Intervenants',
  audience: 'Pour qui',
  takeaways: 'Vous repartirez avec',
  agenda: 'Au programme',
  keywords: 'Mots-clés',
  otherLanguage: 'English',
};

const english: Texts = {
  programme: 'Programme',
  events: 'Events',
  noEvents: 'The programme is not published yet.',
  back: 'Whole programme',
  needsScript: 'This page needs JavaScript. The programme can be read without it.',
  takeNeedsScript: 'To take a seat, turn JavaScript on in your browser.',
  description: 'Take a seat at a table: free seats, live.',
  seats: ({ free, capacity, waitlisted }) => {
    if (free === 0) return waitlisted > 0 ? `Full, ${waitlisted} waiting` : 'Full';
    return `${free} of ${capacity} ${capacity === 1 ? 'seat' : 'seats'} free`;
  },
  kind: { cafe: 'Café', stand: 'Stand', space: 'Space' },
  state: { closed: 'Registration closed', cancelled: 'Cancelled', draft: 'Draft' },
  over: 'Over',
  hosts: 'Hosted by',
  speakers: 'Speakers',
  audience: 'For whom',
  takeaways: 'You will take away',
  agenda: 'Agenda',
  keywords: 'Keywords',
  otherLanguage: 'Français',
};

export const texts: Record<Locale, Texts> = { fr: french, en: english };

const TAGS: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };

/** The days of an event: “25–26 novembre 2026”. An event ends when its last day is over. */
export function daysOf(locale: Locale, timeZone: string, startsAt: string, endsAt: string): string {
  const format = new Intl.DateTimeFormat(TAGS[locale], { timeZone, day: 'numeric', month: 'long', year: 'numeric' });
  return dayNumbers(locale, format.formatRange(new Date(startsAt), new Date(Date.parse(endsAt) - 1)));
}

/** The time of a Café in the time zone of the event: “Mercredi 25 novembre 2026, 14 h 30 – 15 h 15, UTC+1”. */
export function datedOf(locale: Locale, timeZone: string, startsAt: string, endsAt: string): string {
  const tag = TAGS[locale];
  const day = new Intl.DateTimeFormat(tag, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const clock = new Intl.DateTimeFormat(tag, { timeZone, hour: 'numeric', minute: '2-digit' });
  const offset = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'shortOffset' });
  const time = (instant: string) => {
    const text = clock.format(new Date(instant));
    return locale === 'fr' ? text.replace(':', '\u00a0h\u00a0') : text;
  };
  const zone = offset.formatToParts(new Date(startsAt)).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  const said = dayNumbers(locale, day.format(new Date(startsAt)));
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}, ${time(startsAt)}\u00a0– ${time(endsAt)} (${zone})`;
}

/** French writes “1er” for the first day of a month, which Intl does not support. */
function dayNumbers(locale: Locale, text: string): string {
  return locale === 'fr' ? text.replace(/(?<!\d)1(?=\s\p{L})/u, '1er') : text;
}
