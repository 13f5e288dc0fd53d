import type { Locale } from '#contract';
import { formatTime, formatWeekdayAndTime } from '#platform';
import type { CafeFacts } from '../message.ts';
import { colon } from '../phrases.ts';
import { askedForSeat, capitalise, type MessageOf, pageOf, registeredFor, type TextsByLocale } from './text-types.ts';

/** Mails about the waitlist: the place in it, an offered seat, and the end of the wait without a seat. */
export const waitlist: TextsByLocale<'waitlisted' | 'offered' | 'offer-expired' | 'line-closed'> = {
  fr(message, { hello }) {
    const { kind, seat } = message;
    const about = { cafe: seat, footer: askedForSeat.fr };
    switch (kind) {
      case 'waitlisted':
        return {
          ...about,
          subject: `En liste d’attente : ${seat.title}`,
          table: 'waiting',
          heading: message.waitsTogether
            ? `Votre groupe attend ${message.waitsTogether} places ensemble`
            : `Vous êtes en position ${message.waitlistPosition} sur la liste d’attente`,
          ...(message.registeredBy && { footer: registeredFor.fr(message.registeredBy.address) }),
          paragraphs: [
            ...(message.registeredBy
              ? [`${hello}, ${message.registeredBy.address} a demandé une place pour vous.`]
              : []),
            capitalise(`${message.registeredBy ? '' : `${hello}, `}${whyWaiting.fr(message)}`),
          ],
          actions: [{ label: 'Voir ma position', url: pageOf(seat) }],
        };
      case 'offered':
        return {
          ...about,
          subject: `Une place vous attend : ${seat.title}`,
          table: 'offered',
          heading: 'Une place vous est proposée',
          paragraphs: [
            ...(message.calendar
              ? [
                  `${hello}, ce Café, où vous aviez une place, a été déplacé : en attendant votre réponse, l’annulation jointe le retire de votre agenda.`,
                ]
              : []),
            `${message.calendar ? 'Cette' : `${hello}, cette`} place est à vous si vous l’acceptez avant ${formatWeekdayAndTime(message.expiresAt, seat.timeZone, 'fr')}. Passé ce moment, elle ira à la personne suivante.`,
            ...(message.swaps.length > 0
              ? [
                  `À cette heure, vous avez déjà une place : ${listOf(message.swaps, 'fr')}. En acceptant celle-ci, vous rendez l’autre.`,
                ]
              : []),
          ],
          before: message.before,
          actions: [
            { label: 'Accepter cette place', url: pageOf(seat, 'accept') },
            { label: 'Décliner', url: pageOf(seat, 'decline') },
          ],
          note: 'Rien n’est décidé avant que vous ne confirmiez sur la page.',
        };
      case 'offer-expired':
        return {
          ...about,
          subject: `L’offre a expiré : ${seat.title}`,
          table: 'ended',
          heading: 'L’offre a expiré',
          paragraphs: [
            `${hello}, cette place n’a pas été confirmée à temps : elle est allée à la personne suivante, et vous n’êtes plus sur la liste d’attente de ce Café.${outOfCalendar.fr(message)}`,
          ],
          actions: [{ label: 'Voir le programme', url: message.programmeUrl }],
        };
      case 'line-closed':
        return {
          ...about,
          subject: `Fin de l’attente : ${seat.title}`,
          table: 'full',
          heading: 'La liste d’attente est fermée',
          paragraphs: [
            `${hello}, aucune place ne s’est libérée pour vous dans ce Café. D’autres Cafés ont peut-être encore des places.`,
          ],
          actions: [{ label: 'Voir le programme', url: message.programmeUrl }],
        };
    }
  },

  en(message, { hello }) {
    const { kind, seat } = message;
    const about = { cafe: seat, footer: askedForSeat.en };
    switch (kind) {
      case 'waitlisted':
        return {
          ...about,
          subject: `On the waitlist: ${seat.title}`,
          table: 'waiting',
          heading: message.waitsTogether
            ? `Your group waits for ${message.waitsTogether} seats together`
            : `You are number ${message.waitlistPosition} on the waitlist`,
          ...(message.registeredBy && { footer: registeredFor.en(message.registeredBy.address) }),
          paragraphs: [
            ...(message.registeredBy ? [`${hello}, ${message.registeredBy.address} asked for a seat for you.`] : []),
            capitalise(`${message.registeredBy ? '' : `${hello}, `}${whyWaiting.en(message)}`),
          ],
          actions: [{ label: 'See my position', url: pageOf(seat) }],
        };
      case 'offered':
        return {
          ...about,
          subject: `A seat is waiting for you: ${seat.title}`,
          table: 'offered',
          heading: 'A seat is offered to you',
          paragraphs: [
            ...(message.calendar
              ? [
                  `${hello}, this Café, where you had a seat, was moved: until you answer, the cancellation attached takes it out of your calendar.`,
                ]
              : []),
            `${message.calendar ? 'This' : `${hello}, this`} seat is yours if you accept it by ${formatWeekdayAndTime(message.expiresAt, seat.timeZone, 'en')}. After that it goes to the next person.`,
            ...(message.swaps.length > 0
              ? [
                  `At that time you already have a seat: ${listOf(message.swaps, 'en')}. Accepting this one gives the other back.`,
                ]
              : []),
          ],
          before: message.before,
          actions: [
            { label: 'Accept this seat', url: pageOf(seat, 'accept') },
            { label: 'Decline', url: pageOf(seat, 'decline') },
          ],
          note: 'Nothing is decided before you confirm it on the page.',
        };
      case 'offer-expired':
        return {
          ...about,
          subject: `The offer has expired: ${seat.title}`,
          table: 'ended',
          heading: 'The offer has expired',
          paragraphs: [
            `${hello}, this seat was not confirmed in time: it went to the next person, and you are no longer on the waitlist of this Café.${outOfCalendar.en(message)}`,
          ],
          actions: [{ label: 'See the programme', url: message.programmeUrl }],
        };
      case 'line-closed':
        return {
          ...about,
          subject: `The wait is over: ${seat.title}`,
          table: 'full',
          heading: 'The waitlist is closed',
          paragraphs: [`${hello}, no seat was freed for you in this Café. Other Cafés may still have seats.`],
          actions: [{ label: 'See the programme', url: message.programmeUrl }],
        };
    }
  },
};

type Waitlisted = Pick<MessageOf<'waitlisted'>, 'waitsTogether' | 'isFull'>;

/** Why the reader waits, and what happens next. A group that waits for all its seats together may wait while seats are free. */
const whyWaiting: Record<Locale, (message: Waitlisted) => string> = {
  fr: ({ waitsTogether, isFull }) => {
    if (waitsTogether)
      return `ce Café n’a pas assez de places libres pour tout votre groupe. Nous vous écrivons dès que ${waitsTogether} places sont libres en même temps ; votre position ne recule jamais.`;
    const full = isFull ? 'ce Café est complet. Nous' : 'nous';
    return `${full} vous écrivons dès qu’une place de ce Café est à vous ; votre position ne recule jamais.`;
  },
  en: ({ waitsTogether, isFull }) => {
    if (waitsTogether)
      return `this Café has too few free seats for all of your group. We write to you as soon as ${waitsTogether} seats are free at the same time; your position never gets worse.`;
    const full = isFull ? 'this Café is full. We' : 'we';
    return `${full} write to you as soon as a seat in this Café is yours; your position never gets worse.`;
  },
};

/** What the message changes in a calendar, if the offer was a confirmed seat before its Café was moved. */
const outOfCalendar: Record<Locale, (message: { calendar?: object }) => string> = {
  fr: ({ calendar }) => (calendar ? ' L’annulation jointe retire le rendez-vous de votre agenda.' : ''),
  en: ({ calendar }) => (calendar ? ' The cancellation attached takes the meeting out of your calendar.' : ''),
};

/** “Café 5 : Eau et climat (14 h 30, Salle Étoile 3)” for each Café. */
function listOf(seats: CafeFacts[], locale: Locale): string {
  return seats
    .map(
      ({ label, title, startsAt, timeZone, room }) =>
        `${label}${colon[locale]}${title} (${formatTime(startsAt, timeZone, locale)}, ${room})`,
    )
    .join(locale === 'fr' ? ' ; ' : '; ');
}
