import { askedForSeat, pageOf, registeredFor, type TextsByLocale } from './text-types.ts';

/** Mails about a confirmed seat: by a claim, from the waitlist, or by a swap. */
export const confirmed: TextsByLocale<'confirmed' | 'moved-up' | 'swapped'> = {
  fr(message, { hello }) {
    const { kind, seat } = message;
    const [subject, heading] = {
      confirmed: ['Place confirmée', 'Votre place est confirmée'],
      'moved-up': ['Une place s’est libérée pour vous', 'Une place s’est libérée, elle est à vous'],
      swapped: ['Échange fait', 'Vous avez changé de Café'],
    }[kind] as [string, string];
    const about = { subject: `${subject} : ${seat.title}`, cafe: seat, footer: askedForSeat.fr };
    const { gaveBack: [gaveBack] = [] } = message;
    const registeredBy = message.registeredBy?.address;
    return {
      ...about,
      ...(registeredBy && { footer: registeredFor.fr(registeredBy) }),
      table: 'mine',
      heading,
      paragraphs: [
        registeredBy
          ? `${hello}, ${registeredBy} a pris une place pour vous dans ce Café. Montrez ce code à l’entrée. L’invitation jointe met le rendez-vous dans votre agenda.`
          : `${hello}, montrez ce code à l’entrée. L’invitation jointe met le rendez-vous dans votre agenda.`,
        ...(kind === 'swapped'
          ? [
              `${gaveBack ? `Votre place à « ${gaveBack.title} »` : 'L’autre place'} est rendue : son billet ne vaut plus, et un second message la retire de votre agenda.`,
            ]
          : []),
      ],
      ticket: message.ticket,
      actions: [{ label: 'Voir mon billet', url: pageOf(seat) }],
      note: 'Un empêchement ? Annulez depuis cette page : votre place ira tout de suite à la personne suivante.',
    };
  },

  en(message, { hello }) {
    const { kind, seat } = message;
    const [subject, heading] = {
      confirmed: ['Seat confirmed', 'Your seat is confirmed'],
      'moved-up': ['A seat has been freed for you', 'A seat has been freed, it is yours'],
      swapped: ['Swap done', 'You changed to another Café'],
    }[kind] as [string, string];
    const about = { subject: `${subject}: ${seat.title}`, cafe: seat, footer: askedForSeat.en };
    const { gaveBack: [gaveBack] = [] } = message;
    const registeredBy = message.registeredBy?.address;
    return {
      ...about,
      ...(registeredBy && { footer: registeredFor.en(registeredBy) }),
      table: 'mine',
      heading,
      paragraphs: [
        registeredBy
          ? `${hello}, ${registeredBy} took a seat in this Café for you. Show this code at the door. The invitation attached puts the meeting into your calendar.`
          : `${hello}, show this code at the door. The invitation attached puts the meeting into your calendar.`,
        ...(kind === 'swapped'
          ? [
              `${gaveBack ? `Your seat at “${gaveBack.title}”` : 'The other seat'} is given back: its ticket is no longer good, and a second message takes it out of your calendar.`,
            ]
          : []),
      ],
      ticket: message.ticket,
      actions: [{ label: 'See my ticket', url: pageOf(seat) }],
      note: 'Something came up? Cancel on that page: your seat goes to the next person at once.',
    };
  },
};
