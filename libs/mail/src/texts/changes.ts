import { askedForSeat, pageOf, type TextsByLocale } from './text-types.ts';

/** The note of a message about a registration that its attendee ended. */
const notYou = {
  fr: 'Ce n’était pas vous ? Le programme dit s’il reste des places.',
  en: 'It was not you? The programme says where seats are left.',
};

/** The footer of the last message to an attendee who erased their account. */
const erased = {
  fr: { text: 'Vous recevez ce message parce que vous aviez une place dans ce Café. Il n’y en aura pas d’autre.' },
  en: { text: 'You get this message because you had a seat in this Café. There will be no other.' },
};

/** Mails about a change of a seat: its Café was moved, or the seat ended. */
export const changes: TextsByLocale<
  'cafe-moved' | 'cancelled' | 'cancelled-by-organiser' | 'capacity-lost' | 'seat-released'
> = {
  fr(message, { hello }) {
    const { kind, seat } = message;
    const about = { cafe: seat, footer: askedForSeat.fr };
    if (kind === 'cafe-moved') {
      const { before, ticket, calendar } = message;
      return {
        ...about,
        subject: `Changement d’heure ou de salle : ${seat.title}`,
        table: ticket ? 'mine' : 'plain',
        heading: 'Votre Café a changé d’heure ou de salle',
        paragraphs: [
          `${hello}, voici où et quand il a lieu désormais. Votre inscription reste la même${calendar ? ', et l’invitation jointe corrige votre agenda' : ''}.`,
          ...(ticket ? ['Ce billet remplace le précédent.'] : []),
        ],
        before,
        ticket,
        actions: [{ label: 'Voir mon inscription', url: pageOf(seat) }],
        note: 'Cela ne vous convient plus ? Rendez votre place depuis cette page : elle ira à la personne suivante.',
      };
    }
    if (kind === 'seat-released') {
      return {
        ...about,
        subject: `Le Café a commencé : ${seat.title}`,
        table: 'plain',
        heading: 'Le Café a commencé sans vous',
        paragraphs: [
          `${hello}, votre arrivée n’est pas encore enregistrée, et votre place est allée à une personne qui attendait.`,
          'Si vous êtes en chemin, venez : s’il reste une place libre, elle est pour vous. L’accueil vous le dira.',
        ],
        actions: [{ label: 'Voir le programme', url: message.programmeUrl }],
      };
    }
    const outOfCalendar = message.calendar ? ' L’annulation jointe retire le rendez-vous de votre agenda.' : '';
    const over = {
      ...about,
      table: 'ended' as const,
      actions: [{ label: 'Voir le programme', url: message.programmeUrl }],
    };
    switch (kind) {
      case 'cancelled':
        if (message.onlyWaited) {
          return {
            ...over,
            subject: `Attente annulée : ${seat.title}`,
            heading: 'Vous n’êtes plus sur la liste d’attente',
            paragraphs: [`${hello}, votre attente pour ce Café a pris fin.`],
            note: notYou.fr,
          };
        }
        if (message.isErased) {
          return {
            ...over,
            subject: `Place rendue : ${seat.title}`,
            heading: 'Vos données sont effacées, et votre place est rendue',
            paragraphs: [
              `${hello}, vous avez fait effacer vos données.${outOfCalendar}`,
              'Votre nom et votre adresse ne sont gardés que jusqu’à l’envoi de ce message.',
            ],
            footer: erased.fr,
          };
        }
        if (message.swappedFor) {
          return {
            ...over,
            subject: `Place rendue par un échange : ${seat.title}`,
            heading: 'Cette place est rendue',
            paragraphs: [
              `${hello}, vous avez échangé cette place contre une place à « ${message.swappedFor} ».${outOfCalendar}`,
            ],
            note: notYou.fr,
          };
        }
        return {
          ...over,
          subject: `Place annulée : ${seat.title}`,
          heading: 'Votre inscription est annulée',
          paragraphs: [`${hello}, vous n’avez plus de place ici.${outOfCalendar}`],
          note: notYou.fr,
        };
      case 'cancelled-by-organiser':
        if (message.cafeCancelled) {
          return {
            ...over,
            subject: `Café annulé : ${seat.title}`,
            heading: 'Ce Café n’aura pas lieu',
            paragraphs: [
              message.onlyWaited
                ? `${hello}, l’organisation a annulé ce Café, où vous attendiez une place : votre attente prend fin avec lui.`
                : `${hello}, l’organisation a annulé ce Café : votre inscription prend fin avec lui, et votre heure est libre de nouveau.${outOfCalendar}`,
              'Nous en sommes désolés. D’autres Cafés ont peut-être encore des places.',
            ],
          };
        }
        if (message.onlyWaited) {
          return {
            ...over,
            subject: `Attente annulée par l’organisation : ${seat.title}`,
            heading: 'L’organisation a mis fin à votre attente',
            paragraphs: [
              message.clashesWith
                ? `${hello}, ce Café a été déplacé, et il a lieu désormais en même temps qu’une de vos places : ${message.clashesWith}. Cette place reste à vous, et vous n’êtes plus sur la liste d’attente de ce Café.`
                : `${hello}, vous n’êtes plus sur la liste d’attente de ce Café.`,
              'Nous en sommes désolés. D’autres Cafés ont peut-être encore des places.',
            ],
          };
        }
        return {
          ...over,
          subject: `Place annulée par l’organisation : ${seat.title}`,
          heading: 'L’organisation a annulé votre place',
          paragraphs: [
            message.clashesWith
              ? `${hello}, ce Café a été déplacé, et il a lieu désormais en même temps qu’une autre de vos places : ${message.clashesWith}. Celle-là reste à vous, celle-ci est rendue.${outOfCalendar}`
              : `${hello}, l’organisation a mis fin à votre inscription à ce Café.${outOfCalendar}`,
            'Nous en sommes désolés. D’autres Cafés ont peut-être encore des places.',
          ],
        };
      case 'capacity-lost':
        return {
          ...over,
          subject: `Votre place n’a pas pu être gardée : ${seat.title}`,
          heading: 'Votre place n’a pas pu être gardée',
          paragraphs: [
            `${hello}, ce Café a moins de places qu’il n’en avait. Les dernières places données ont dû être reprises, et la vôtre en fait partie.${outOfCalendar}`,
            'Nous en sommes désolés. D’autres Cafés ont peut-être encore des places.',
          ],
        };
    }
  },

  en(message, { hello }) {
    const { kind, seat } = message;
    const about = { cafe: seat, footer: askedForSeat.en };
    if (kind === 'cafe-moved') {
      const { before, ticket, calendar } = message;
      return {
        ...about,
        subject: `New time or room: ${seat.title}`,
        table: ticket ? 'mine' : 'plain',
        heading: 'Your Café has a new time or room',
        paragraphs: [
          `${hello}, this is where and when it takes place now. Your registration stays the same${calendar ? ', and the invitation attached corrects your calendar' : ''}.`,
          ...(ticket ? ['This ticket replaces the one before.'] : []),
        ],
        before,
        ticket,
        actions: [{ label: 'See my registration', url: pageOf(seat) }],
        note: 'This no longer suits you? Give your seat back on that page: it goes to the next person.',
      };
    }
    if (kind === 'seat-released') {
      return {
        ...about,
        subject: `The Café has begun: ${seat.title}`,
        table: 'plain',
        heading: 'The Café began without you',
        paragraphs: [
          `${hello}, you are not checked in yet, and your seat went to a person who was waiting.`,
          'If you are on your way, do come: if a seat is free, it is yours. The door will tell you.',
        ],
        actions: [{ label: 'See the programme', url: message.programmeUrl }],
      };
    }
    const outOfCalendar = message.calendar ? ' The cancellation attached takes the meeting out of your calendar.' : '';
    const over = {
      ...about,
      table: 'ended' as const,
      actions: [{ label: 'See the programme', url: message.programmeUrl }],
    };
    switch (kind) {
      case 'cancelled':
        if (message.onlyWaited) {
          return {
            ...over,
            subject: `Off the waitlist: ${seat.title}`,
            heading: 'You are no longer on the waitlist',
            paragraphs: [`${hello}, your wait for this Café has ended.`],
            note: notYou.en,
          };
        }
        if (message.isErased) {
          return {
            ...over,
            subject: `Seat given back: ${seat.title}`,
            heading: 'Your data is deleted, and your seat is given back',
            paragraphs: [
              `${hello}, you had your data deleted.${outOfCalendar}`,
              'Your name and your address are kept until this message is sent, and no longer.',
            ],
            footer: erased.en,
          };
        }
        if (message.swappedFor) {
          return {
            ...over,
            subject: `Seat given back by a swap: ${seat.title}`,
            heading: 'This seat is given back',
            paragraphs: [`${hello}, you swapped this seat for a seat at “${message.swappedFor}”.${outOfCalendar}`],
            note: notYou.en,
          };
        }
        return {
          ...over,
          subject: `Seat cancelled: ${seat.title}`,
          heading: 'Your registration is cancelled',
          paragraphs: [`${hello}, you no longer have a seat here.${outOfCalendar}`],
          note: notYou.en,
        };
      case 'cancelled-by-organiser':
        if (message.cafeCancelled) {
          return {
            ...over,
            subject: `Café cancelled: ${seat.title}`,
            heading: 'This Café will not take place',
            paragraphs: [
              message.onlyWaited
                ? `${hello}, the organisers cancelled this Café, for which you were on the waitlist: your wait ends with it.`
                : `${hello}, the organisers cancelled this Café: your registration ends with it, and that time is free again.${outOfCalendar}`,
              'We are sorry. Other Cafés may still have seats.',
            ],
          };
        }
        if (message.onlyWaited) {
          return {
            ...over,
            subject: `Taken off the waitlist by the organisers: ${seat.title}`,
            heading: 'The organisers ended your wait',
            paragraphs: [
              message.clashesWith
                ? `${hello}, this Café was moved, and it now takes place at the time of a seat of yours: ${message.clashesWith}. That seat stays yours, and you are no longer on the waitlist of this Café.`
                : `${hello}, you are no longer on the waitlist of this Café.`,
              'We are sorry. Other Cafés may still have seats.',
            ],
          };
        }
        return {
          ...over,
          subject: `Seat cancelled by the organisers: ${seat.title}`,
          heading: 'The organisers cancelled your seat',
          paragraphs: [
            message.clashesWith
              ? `${hello}, this Café was moved, and it now takes place at the time of another seat of yours: ${message.clashesWith}. That one stays yours, this one is given back.${outOfCalendar}`
              : `${hello}, the organisers ended your registration for this Café.${outOfCalendar}`,
            'We are sorry. Other Cafés may still have seats.',
          ],
        };
      case 'capacity-lost':
        return {
          ...over,
          subject: `Your seat could not be kept: ${seat.title}`,
          heading: 'Your seat could not be kept',
          paragraphs: [
            `${hello}, this Café has fewer seats than it had. The last ones given had to be taken back, and yours is one of them.${outOfCalendar}`,
            'We are sorry. Other Cafés may still have seats.',
          ],
        };
    }
  },
};
