import type { Locale } from '#contract';
import { formatTime } from '#platform';
import type { DelegatedPerson, ExpectedPerson } from '../message.ts';
import { counted } from '../phrases.ts';
import type { Shown } from '../typed-text.ts';
import type { TextsByLocale } from './text-types.ts';

/** The maximum number of names in a mail, because mail programs cut off long messages. The attendance page lists the rest. */
const NAMES_MAX = 100;

/** Mails about other people: the list of a Café for its host, and the result of a delegation for its delegate. */
export const forOthers: TextsByLocale<'host-list' | 'delegation-summary'> = {
  fr(message, { hello }) {
    const { cafe } = message;
    if (message.kind === 'host-list') {
      const { expected, capacity, waitlisted, doorUrl } = message;
      const at = formatTime(cafe.startsAt, cafe.timeZone, 'fr');
      const waiting = waitlisted > 0 ? ` ${counted(waitlisted, 'fr', ['personne', 'personnes'])} en attente.` : '';
      const places = counted(capacity, 'fr', ['place', 'places']);
      return {
        subject: `Votre liste à ${at} : ${cafe.title}`,
        table: 'plain',
        heading: `Votre Café commence à ${at}`,
        paragraphs: [
          expected.length === 0
            ? `${hello}, personne n’est inscrit pour le moment${capacity > 0 ? ` à ce Café de ${places}` : ''}.${waiting}`
            : `${hello}, voici qui vous attendez : ${counted(expected.length, 'fr', ['personne', 'personnes'])} pour ${places}.${waiting}`,
          'En ligne, la liste est celle de l’instant, et la même page lit les billets.',
        ],
        cafe,
        list: {
          heading: 'Personnes attendues',
          items: itemsOf(expected, 'fr'),
          note: moreFr(expected.length - NAMES_MAX),
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
        ...(message.waitsTogether
          ? [
              `${hello}, ce Café n’a pas assez de places libres pour tout le groupe : il attend ${message.waitsTogether} places ensemble, et il les reçoit dès qu’elles sont libres en même temps.`,
            ]
          : []),
        `${message.waitsTogether ? 'Voici' : `${hello}, voici`} ce qu’il en est de chaque personne. Chacune a reçu son propre message, et peut rendre sa place elle-même.`,
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
      const waiting = waitlisted > 0 ? ` ${counted(waitlisted, 'en', ['person', 'people'])} on the waitlist.` : '';
      const seats = counted(capacity, 'en', ['seat', 'seats']);
      return {
        subject: `Your list at ${at}: ${cafe.title}`,
        table: 'plain',
        heading: `Your Café starts at ${at}`,
        paragraphs: [
          expected.length === 0
            ? `${hello}, nobody is registered yet${capacity > 0 ? ` for this Café of ${seats}` : ''}.${waiting}`
            : `${hello}, this is whom you expect: ${counted(expected.length, 'en', ['person', 'people'])} for ${seats}.${waiting}`,
          'Online, the list is as it is right now, and the same page reads tickets.',
        ],
        cafe,
        list: {
          heading: 'Who is expected',
          items: itemsOf(expected, 'en'),
          note: moreEn(expected.length - NAMES_MAX),
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
        ...(message.waitsTogether
          ? [
              `${hello}, this Café has too few free seats for all of the group: it waits for ${message.waitsTogether} seats together, and gets them as soon as they are free at the same time.`,
            ]
          : []),
        `${message.waitsTogether ? 'This' : `${hello}, this`} is how it stands with each person. Each of them got a message of their own, and can give the seat back themselves.`,
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

/** The items whose names the reader may see: all, or none if the reader's address is not proved. */
function withNames(items: { name: string | undefined; detail?: string }[]) {
  return items.flatMap(({ name, detail }) => (name === undefined ? [] : [{ name, detail }]));
}

const moreFr = (more: number) =>
  more > 0 ? `Et ${counted(more, 'fr', ['autre', 'autres'])}, sur la liste en ligne.` : undefined;
const moreEn = (more: number) =>
  more > 0 ? `And ${counted(more, 'en', ['other', 'others'])}, on the list online.` : undefined;

const delegated = {
  fr: ({ status, position }: Shown<DelegatedPerson>) =>
    ({
      confirmed: 'place confirmée',
      kept: 'place gardée, à confirmer',
      waitlisted: `en attente, position ${position ?? 1}`,
      ended: 'place rendue',
    })[status],
  en: ({ status, position }: Shown<DelegatedPerson>) =>
    ({
      confirmed: 'seat confirmed',
      kept: 'seat kept, to be confirmed',
      waitlisted: `on the waitlist, number ${position ?? 1}`,
      ended: 'seat given back',
    })[status],
};
