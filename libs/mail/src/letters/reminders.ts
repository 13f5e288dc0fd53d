import { clock } from '../words.ts';
import type { Family } from './family.ts';

/** What a person with a seat is reminded of, the day before and half an hour before. */
export const reminders: Family<'reminder-day-before' | 'reminder-soon'> = {
  fr({ kind, name, seat, ticket, settingsUrl }) {
    const at = clock(seat.startsAt, seat.timeZone, 'fr');
    const soon = kind === 'reminder-soon';
    return {
      subject: `${soon ? `À ${at}` : `Demain à ${at}`} : ${seat.title}`,
      table: 'mine',
      heading: soon ? `Votre Café commence à ${at}` : `C’est demain à ${at}`,
      paragraphs: [
        soon
          ? `Bonjour ${name}, votre place vous attend : ${seat.room}. Montrez ce code à l’entrée.`
          : `Bonjour ${name}, votre place vous attend. Montrez ce code à l’entrée.`,
      ],
      cafe: seat,
      ticket,
      actions: [{ label: 'Voir mon billet', url: seat.url }],
      note: soon
        ? 'Vous ne venez pas ? Rendez votre place depuis cette page : quelqu’un l’attend peut-être.'
        : 'Un empêchement ? Annulez dès maintenant depuis cette page : votre place ira à la personne suivante.',
      footer: {
        text: 'Vous recevez ce rappel parce que vous avez une place confirmée.',
        link: { label: 'Ne plus recevoir de rappels', url: settingsUrl },
      },
    };
  },

  en({ kind, name, seat, ticket, settingsUrl }) {
    const at = clock(seat.startsAt, seat.timeZone, 'en');
    const soon = kind === 'reminder-soon';
    return {
      subject: `${soon ? `At ${at}` : `Tomorrow at ${at}`}: ${seat.title}`,
      table: 'mine',
      heading: soon ? `Your Café starts at ${at}` : `It is tomorrow at ${at}`,
      paragraphs: [
        soon
          ? `Hello ${name}, your seat is waiting for you: ${seat.room}. Show this code at the door.`
          : `Hello ${name}, your seat is waiting for you. Show this code at the door.`,
      ],
      cafe: seat,
      ticket,
      actions: [{ label: 'See my ticket', url: seat.url }],
      note: soon
        ? 'You are not coming? Give your seat back on that page: somebody may be waiting for it.'
        : 'Something came up? Cancel now on that page: your seat goes to the next person.',
      footer: {
        text: 'You get this reminder because you have a confirmed seat.',
        link: { label: 'Get no more reminders', url: settingsUrl },
      },
    };
  },
};
