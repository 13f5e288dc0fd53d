import { formatWeekdayAndTime } from '#platform';
import { spacedCode } from '../phrases.ts';
import { askedForSeat, capitalise, type MessageOf, registeredFor, type TextsByLocale } from './text-types.ts';

/** Mails with a code: to sign in, and to prove an address for a seat. */
export const signIn: TextsByLocale<'sign-in-code' | 'prove-address'> = {
  fr(message, { hello, proved }) {
    if (message.kind === 'sign-in-code') {
      const { code, link, linkMinutes } = message;
      return {
        subject: code ? `${spacedCode(code.digits)} est votre code de connexion` : 'Votre lien de connexion',
        table: 'plain',
        heading: code ? 'Votre code de connexion' : 'Votre lien de connexion',
        paragraphs: [
          code
            ? `Tapez ce code sur la page où vous l’avez demandé, ou suivez le lien. Le code est valable ${minutes(code.minutes)}, le lien ${minutes(linkMinutes)}.`
            : `Suivez le lien dans le navigateur où vous l’avez demandé. Il est valable ${minutes(linkMinutes)}.`,
        ],
        ...(code && { code: spacedCode(code.digits) }),
        actions: [{ label: 'Me connecter', url: link }],
        note: 'Vous n’avez rien demandé ? Ne faites rien : sans ce message, personne n’entre.',
      };
    }
    const { seat, expiresAt, waitlistPosition, waitsTogether, code, link } = message;
    const { until, turnUntil, by } = detailsOf(message, 'fr');
    const how = by ? 'suivez le lien, puis tapez le code' : 'tapez le code sur la page, ou suivez le lien';
    const ask = by
      ? `${hello}, ${by} a demandé une place pour vous dans ce Café.`
      : proved
        ? `${hello}, quelqu’un a demandé cette place avec votre adresse, sans se connecter. C’était peut-être vous.`
        : undefined;
    const begin = ask ? '' : `${hello}, `;
    const next = until
      ? `${begin}confirmez votre adresse avant ${until} pour que cette place soit à vous : ${how}.`
      : turnUntil
        ? `${begin}une place vous est réservée à votre tour si vous confirmez votre adresse avant ${turnUntil} : ${how}.`
        : `${begin}${waitsTogether ? `votre groupe attend ${waitsTogether} places ensemble` : `vous êtes en position ${waitlistPosition ?? 1} sur la liste d’attente`}. Confirmez votre adresse pour que nous puissions vous donner une place dès que c’est votre tour : ${how}.`;
    return {
      subject: `${until ? 'Confirmez votre place' : 'Confirmez votre adresse'} : ${seat.title}`,
      table: until ? 'kept' : 'waiting',
      heading: until
        ? `${proved ? 'Une place est gardée pour vous' : 'Votre place est gardée'} jusqu’à ${until}`
        : turnUntil
          ? `Votre tour est gardé jusqu’à ${turnUntil}`
          : 'Vous êtes en liste d’attente',
      paragraphs: ask ? [ask, capitalise(next)] : [next],
      cafe: seat,
      code: spacedCode(code),
      actions: [{ label: until ? 'Confirmer ma place' : 'Confirmer mon adresse', url: link }],
      note:
        proved && !by
          ? 'Ce n’était pas vous ? Ignorez ce message : il ne se passe rien, et vos autres places restent les vôtres.'
          : `${by ? 'Vous n’en voulez pas' : 'Vous n’avez rien demandé'} ? Ne faites rien : ${expiresAt ? 'la place sera rendue toute seule' : 'sans confirmation, aucune place n’est donnée'}.`,
      footer: by ? registeredFor.fr(by) : askedForSeat.fr,
    };
  },

  en(message, { hello, proved }) {
    if (message.kind === 'sign-in-code') {
      const { code, link, linkMinutes } = message;
      return {
        subject: code ? `${spacedCode(code.digits)} is your sign-in code` : 'Your sign-in link',
        table: 'plain',
        heading: code ? 'Your sign-in code' : 'Your sign-in link',
        paragraphs: [
          code
            ? `Type this code on the page where you asked for it, or follow the link. The code is good for ${minutes(code.minutes)}, the link for ${minutes(linkMinutes)}.`
            : `Follow the link in the browser where you asked for it. It is good for ${minutes(linkMinutes)}.`,
        ],
        ...(code && { code: spacedCode(code.digits) }),
        actions: [{ label: 'Sign me in', url: link }],
        note: 'You did not ask for anything? Do nothing: without this message, nobody gets in.',
      };
    }
    const { seat, expiresAt, waitlistPosition, waitsTogether, code, link } = message;
    const { until, turnUntil, by } = detailsOf(message, 'en');
    const how = by ? 'follow the link, then type the code' : 'type the code on the page, or follow the link';
    const ask = by
      ? `${hello}, ${by} asked for a seat in this Café for you.`
      : proved
        ? `${hello}, a person who was not signed in asked for this seat with your address. It may have been you.`
        : undefined;
    const begin = ask ? '' : `${hello}, `;
    const next = until
      ? `${begin}confirm your address before ${until} to make this seat yours: ${how}.`
      : turnUntil
        ? `${begin}a seat is reserved for you in your turn if you confirm your address before ${turnUntil}: ${how}.`
        : `${begin}${waitsTogether ? `your group waits for ${waitsTogether} seats together` : `you are number ${waitlistPosition ?? 1} on the waitlist`}. Confirm your address so that we can give you a seat as soon as it is your turn: ${how}.`;
    return {
      subject: `${until ? 'Confirm your seat' : 'Confirm your address'}: ${seat.title}`,
      table: until ? 'kept' : 'waiting',
      heading: until
        ? `${proved ? 'A seat is kept for you' : 'Your seat is kept'} until ${until}`
        : turnUntil
          ? `Your turn is kept until ${turnUntil}`
          : 'You are on the waitlist',
      paragraphs: ask ? [ask, capitalise(next)] : [next],
      cafe: seat,
      code: spacedCode(code),
      actions: [{ label: until ? 'Confirm my seat' : 'Confirm my address', url: link }],
      note:
        proved && !by
          ? 'It was not you? Ignore this message: nothing happens, and your other seats stay yours.'
          : `${by ? 'You do not want it' : 'You did not ask for anything'}? Do nothing: ${expiresAt ? 'the seat goes back by itself' : 'without a confirmation no seat is given'}.`,
      footer: by ? registeredFor.en(by) : askedForSeat.en,
    };
  },
};

/** The times until which a seat, or a turn in the waitlist, is kept, and the address of the delegate who asked for the seat. */
function detailsOf(message: MessageOf<'prove-address'>, locale: 'fr' | 'en') {
  const { seat, expiresAt, proveBy, registeredBy } = message;
  return {
    until: expiresAt && formatWeekdayAndTime(expiresAt, seat.timeZone, locale),
    turnUntil: proveBy && formatWeekdayAndTime(proveBy, seat.timeZone, locale),
    by: registeredBy?.address,
  };
}

/** “1 minute”, “10 minutes”: the same in both languages. */
function minutes(count: number): string {
  return `${count} ${count < 2 ? 'minute' : 'minutes'}`;
}
