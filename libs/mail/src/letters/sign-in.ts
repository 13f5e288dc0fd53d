import { dayAndClock, ordinal, spaced } from '../words.ts';
import { askedForSeat, type Family } from './family.ts';

/** Getting in: the code that was asked for, and the proof that a mailbox is somebody's. */
export const signIn: Family<'sign-in-code' | 'prove-address'> = {
  fr(message) {
    if (message.kind === 'sign-in-code') {
      return {
        subject: `${spaced(message.code)} est votre code de connexion`,
        table: 'plain',
        heading: 'Votre code de connexion',
        paragraphs: [
          'Tapez ces six chiffres sur la page où vous les avez demandés, ou suivez le lien. Ils sont valables 30 minutes.',
        ],
        code: spaced(message.code),
        actions: [{ label: 'Me connecter', url: message.link }],
        note: 'Vous n’avez rien demandé ? Ne faites rien : sans ce code, personne n’entre.',
      };
    }
    const { name, seat, expiresAt, waitlistPosition, link } = message;
    const until = expiresAt && dayAndClock(expiresAt, seat.timeZone, 'fr');
    return {
      subject: `${until ? 'Confirmez votre place' : 'Confirmez votre adresse'} : ${seat.title}`,
      table: until ? 'kept' : 'waiting',
      heading: until ? `Votre place est gardée jusqu’à ${until}` : 'Vous êtes en liste d’attente',
      paragraphs: [
        until
          ? `Bonjour ${name}, confirmez votre adresse d’ici là pour que cette place soit à vous : tapez le code sur la page, ou suivez le lien.`
          : `Bonjour ${name}, vous êtes ${ordinal(waitlistPosition ?? 1, 'fr')} en attente. Confirmez votre adresse pour que nous puissions vous donner la première place qui se libère : tapez le code sur la page, ou suivez le lien.`,
      ],
      cafe: seat,
      code: spaced(message.code),
      actions: [{ label: until ? 'Confirmer ma place' : 'Confirmer mon adresse', url: link }],
      note: `Vous n’avez rien demandé ? Ne faites rien : ${until ? 'la place sera rendue toute seule' : 'sans confirmation, aucune place n’est donnée'}.`,
      footer: askedForSeat.fr,
    };
  },

  en(message) {
    if (message.kind === 'sign-in-code') {
      return {
        subject: `${spaced(message.code)} is your sign-in code`,
        table: 'plain',
        heading: 'Your sign-in code',
        paragraphs: [
          'Type these six digits on the page where you asked for them, or follow the link. They are good for 30 minutes.',
        ],
        code: spaced(message.code),
        actions: [{ label: 'Sign me in', url: message.link }],
        note: 'You did not ask for anything? Do nothing: without this code, nobody gets in.',
      };
    }
    const { name, seat, expiresAt, waitlistPosition, link } = message;
    const until = expiresAt && dayAndClock(expiresAt, seat.timeZone, 'en');
    return {
      subject: `${until ? 'Confirm your seat' : 'Confirm your address'}: ${seat.title}`,
      table: until ? 'kept' : 'waiting',
      heading: until ? `Your seat is kept until ${until}` : 'You are in line',
      paragraphs: [
        until
          ? `Hello ${name}, confirm your address by then to make this seat yours: type the code on the page, or follow the link.`
          : `Hello ${name}, you are ${ordinal(waitlistPosition ?? 1, 'en')} in line. Confirm your address so that we can give you the first seat that becomes free: type the code on the page, or follow the link.`,
      ],
      cafe: seat,
      code: spaced(message.code),
      actions: [{ label: until ? 'Confirm my seat' : 'Confirm my address', url: link }],
      note: `You did not ask for anything? Do nothing: ${until ? 'the seat goes back by itself' : 'without a confirmation no seat is given'}.`,
      footer: askedForSeat.en,
    };
  },
};
