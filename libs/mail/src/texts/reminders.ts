import { formatDay, formatTime } from '#platform';
import type { SeatFacts } from '../message.ts';
import { pageOf, type TextsByLocale } from './text-types.ts';

/** Reminders for people with a confirmed seat: a day before, and half an hour before. */
export const reminders: TextsByLocale<'reminder-day-before' | 'reminder-soon'> = {
  fr({ kind, seat, ticket, unsubscribeUrl, now }, { hello }) {
    const at = formatTime(seat.startsAt, seat.timeZone, 'fr');
    const soon = kind === 'reminder-soon';
    return {
      subject: `${soon ? `À ${at}` : `${isToday(seat, now) ? 'Aujourd’hui' : 'Demain'} à ${at}`} : ${seat.title}`,
      table: 'mine',
      heading: soon ? `Votre Café commence à ${at}` : `C’est ${isToday(seat, now) ? 'aujourd’hui' : 'demain'} à ${at}`,
      paragraphs: [
        soon
          ? `${hello}, votre place vous attend : ${seat.room}. Montrez ce code à l’entrée.`
          : `${hello}, votre place vous attend. Montrez ce code à l’entrée.`,
      ],
      cafe: seat,
      ticket,
      actions: [{ label: 'Voir mon billet', url: pageOf(seat) }],
      note: soon
        ? 'Vous ne venez pas ? Rendez votre place depuis cette page : quelqu’un l’attend peut-être.'
        : 'Un empêchement ? Annulez dès maintenant depuis cette page : votre place ira à la personne suivante.',
      footer: {
        text: 'Vous recevez ce rappel parce que vous avez une place confirmée.',
        link: { label: 'Ne plus recevoir de rappels', url: unsubscribeUrl },
      },
    };
  },

  en({ kind, seat, ticket, unsubscribeUrl, now }, { hello }) {
    const at = formatTime(seat.startsAt, seat.timeZone, 'en');
    const soon = kind === 'reminder-soon';
    return {
      subject: `${soon ? `At ${at}` : `${isToday(seat, now) ? 'Today' : 'Tomorrow'} at ${at}`}: ${seat.title}`,
      table: 'mine',
      heading: soon ? `Your Café starts at ${at}` : `It is ${isToday(seat, now) ? 'today' : 'tomorrow'} at ${at}`,
      paragraphs: [
        soon
          ? `${hello}, your seat is waiting for you: ${seat.room}. Show this code at the door.`
          : `${hello}, your seat is waiting for you. Show this code at the door.`,
      ],
      cafe: seat,
      ticket,
      actions: [{ label: 'See my ticket', url: pageOf(seat) }],
      note: soon
        ? 'You are not coming? Give your seat back on that page: somebody may be waiting for it.'
        : 'Something came up? Cancel now on that page: your seat goes to the next person.',
      footer: {
        text: 'You get this reminder because you have a confirmed seat.',
        link: { label: 'Get no more reminders', url: unsubscribeUrl },
      },
    };
  },
};

/** Whether a Café starts on the day on which its reminder is written: the reminder was late, or the Café starts just after midnight. */
function isToday({ startsAt, timeZone }: Pick<SeatFacts, 'startsAt' | 'timeZone'>, now: string): boolean {
  return formatDay(startsAt, timeZone, 'en') === formatDay(now, timeZone, 'en');
}
