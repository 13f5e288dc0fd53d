import type { Locale } from '#contract';
import { formatTime } from '#platform';
import type { DelegatedPerson, ExpectedPerson } from '../message.ts';
import { ordinal } from '../phrases.ts';
import type { Shown } from '../typed-text.ts';
import type { TextsByLocale } from './text-types.ts';

/** The most names in a mail: mail programs cut long messages off. The attendance page has the rest. */
const NAMES_MAX = 100;

/** Mails about other people: the list of a Café for its host, and the result of a delegation for its delegate. */
export const forOthers: TextsByLocale<'host-list' | 'delegation-summary'> = {
  fr(message, { hello }) {
    const { cafe } = message;
    if (message.kind === 'host-list') {
      const { expected, capacity, waitlisted, doorUrl } = message;
      const at = formatTime(cafe.startsAt, cafe.timeZone, 'fr');
      const waiting = waitlisted > 0 ? ` ${waitlisted} en attente.` : '';
      return {
        subject: `Votre liste à ${at} : ${cafe.title}`,
        table: 'plain',
        heading: `Votre Café commence à ${at}`,
        paragraphs: [
          `${hello}, voici qui vous attendez : ${people(expected.length, 'personne', 'personnes')} pour ${people(capacity, 'place', 'places')}.${waiting}`,
          'En ligne, la liste est celle de l’instant, et la même page lit les billets.',
        ],
        cafe,
        list: {
          heading: 'Personnes attendues',
          items: itemsOf(expected, 'fr'),
          note: expected.length === 0 ? 'Personne n’est inscrit pour le moment.' : moreFr(expected.length - NAMES_MAX),
        },
        actions: [{ label: 'Voir la liste et lire les billets', url: doorUrl }],
        footer: {
          text: 'Vous recevez cette liste parce que vous accueillez ce Café. Elle contient des noms : gardez-la pour vous, et supprimez-la ensuite.',
        },
      };
    }
    return {
      subject: `Votre groupe : ${cafe.title}`,
      table: 'plain',
      heading: 'Votre groupe, personne par personne',
      paragraphs: [
        `${hello}, voici ce qu’il en est de chaque personne. Chacune a reçu son propre message, et peut rendre sa place elle-même.`,
      ],
      cafe,
      list: {
        heading: 'Groupe',
        items: withNames(message.people.map((person) => ({ name: person.email, detail: delegated.fr(person) }))),
      },
      actions: [{ label: 'Voir le programme', url: message.programmeUrl }],
      footer: { text: 'Vous recevez ce message parce que vous avez inscrit ces personnes.' },
    };
  },

  en(message, { hello }) {
    const { cafe } = message;
    if (message.kind === 'host-list') {
      const { expected, capacity, waitlisted, doorUrl } = message;
      const at = formatTime(cafe.startsAt, cafe.timeZone, 'en');
      const waiting = waitlisted > 0 ? ` ${waitlisted} in line.` : '';
      return {
        subject: `Your list at ${at}: ${cafe.title}`,
        table: 'plain',
        heading: `Your Café starts at ${at}`,
        paragraphs: [
          `${hello}, this is whom you expect: ${people(expected.length, 'person', 'people')} for ${people(capacity, 'seat', 'seats')}.${waiting}`,
          'Online, the list is as it is right now, and the same page reads tickets.',
        ],
        cafe,
        list: {
          heading: 'Who is expected',
          items: itemsOf(expected, 'en'),
          note: expected.length === 0 ? 'Nobody is registered yet.' : moreEn(expected.length - NAMES_MAX),
        },
        actions: [{ label: 'See the list and read tickets', url: doorUrl }],
        footer: {
          text: 'You get this list because you host this Café. It holds names: keep it to yourself, and delete it afterwards.',
        },
      };
    }
    return {
      subject: `Your group: ${cafe.title}`,
      table: 'plain',
      heading: 'Your group, person by person',
      paragraphs: [
        `${hello}, this is how it stands with each person. Each of them got a message of their own, and can give the seat back themselves.`,
      ],
      cafe,
      list: {
        heading: 'Group',
        items: withNames(message.people.map((person) => ({ name: person.email, detail: delegated.en(person) }))),
      },
      actions: [{ label: 'See the programme', url: message.programmeUrl }],
      footer: { text: 'You get this message because you registered these people.' },
    };
  },
};

/** The items of a host's list. Names are as they were typed; people whose address is not proved are marked. */
function itemsOf(expected: Shown<ExpectedPerson>[], locale: Locale) {
  const mark = { fr: 'adresse non confirmée', en: 'address not confirmed' }[locale];
  const items = expected.slice(0, NAMES_MAX).map(({ name, organisation, proved }) => ({
    name,
    detail: [organisation, !proved && mark].filter(Boolean).join(' · ') || undefined,
  }));
  return withNames(items);
}

/** The items whose names the reader may see: all, or none where the reader's address is not proved. */
function withNames(items: { name: string | undefined; detail?: string }[]) {
  return items.flatMap(({ name, detail }) => (name === undefined ? [] : [{ name, detail }]));
}

const moreFr = (more: number) =>
  more > 0 ? `Et ${people(more, 'autre', 'autres')}, sur la liste en ligne.` : undefined;
const moreEn = (more: number) => (more > 0 ? `And ${people(more, 'other', 'others')}, on the list online.` : undefined);

function people(count: number, one: string, many: string): string {
  return `${count}\u00a0${count === 1 ? one : many}`;
}

const delegated = {
  fr: ({ status, position }: Shown<DelegatedPerson>) =>
    ({
      confirmed: 'place confirmée',
      kept: 'place gardée, à confirmer',
      waitlisted: `${ordinal(position ?? 1, 'fr')} en attente`,
      ended: 'place rendue',
    })[status],
  en: ({ status, position }: Shown<DelegatedPerson>) =>
    ({
      confirmed: 'seat confirmed',
      kept: 'seat kept, to be confirmed',
      waitlisted: `${ordinal(position ?? 1, 'en')} in line`,
      ended: 'seat given back',
    })[status],
};
