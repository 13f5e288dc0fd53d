import * as z from 'zod/mini';
import { type Locale } from './common.ts';
import { CurrentCafe } from './programme.ts';

type Texts = Record<Locale, string>;
interface ProblemKind {
  status: number;
  title: Texts;
  /** The next step for the person; the default `detail` of the problem. */
  next: Texts;
}

/** The closed list of problems: code, HTTP status, title, and the next step for the person. */
export const problems = {
  'invalid-request': {
    status: 400,
    title: { fr: 'Demande invalide', en: 'Invalid request' },
    next: { fr: 'Corrigez les champs signalés et réessayez.', en: 'Correct the fields named below and try again.' },
  },
  'not-signed-in': {
    status: 401,
    title: { fr: 'Vous n’êtes pas connecté', en: 'You are not signed in' },
    next: { fr: 'Connectez-vous avec votre adresse e-mail.', en: 'Sign in with your e-mail address.' },
  },
  'sign-in-invalid': {
    status: 401,
    title: { fr: 'Code ou lien inconnu ou expiré', en: 'Unknown or expired code or link' },
    next: {
      fr: 'Vérifiez les chiffres du dernier message, ou demandez un nouveau code.',
      en: 'Check the digits of the last mail, or ask for a new code.',
    },
  },
  'code-required': {
    status: 401,
    title: { fr: 'Le code du message est nécessaire', en: 'The code of the mail is required' },
    next: {
      fr: 'Ce navigateur n’a pas demandé ce lien : saisissez le code qui est dans le même message.',
      en: 'This browser did not ask for this link: enter the code that is in the same mail.',
    },
  },
  'code-locked': {
    status: 429,
    title: { fr: 'Trop de codes essayés', en: 'Too many codes were tried' },
    next: {
      fr: 'Ouvrez le lien du message dans le navigateur qui l’a demandé, ou réessayez plus tard.',
      en: 'Open the link of the mail in the browser that asked for it, or try again later.',
    },
  },
  'not-allowed': {
    status: 403,
    title: { fr: 'Action réservée', en: 'Not allowed' },
    next: {
      fr: 'Demandez à l’organisation de vous en donner le rôle.',
      en: 'Ask the organisers to give you the role for it.',
    },
  },
  'not-found': {
    status: 404,
    title: { fr: 'Introuvable', en: 'Not found' },
    next: { fr: 'Vérifiez l’adresse.', en: 'Check the address.' },
  },
  'event-not-found': {
    status: 404,
    title: { fr: 'Événement introuvable', en: 'Event not found' },
    next: { fr: 'Retournez à la liste des événements.', en: 'Go back to the list of events.' },
  },
  'message-not-found': {
    status: 404,
    title: { fr: 'Message introuvable', en: 'Message not found' },
    next: { fr: 'Rechargez la liste des messages.', en: 'Load the list of messages again.' },
  },
  'room-not-found': {
    status: 404,
    title: { fr: 'Salle introuvable', en: 'Room not found' },
    next: { fr: 'Retournez au programme.', en: 'Go back to the programme.' },
  },
  'cafe-not-found': {
    status: 404,
    title: { fr: 'Café introuvable', en: 'Café not found' },
    next: { fr: 'Retournez au programme.', en: 'Go back to the programme.' },
  },
  'registration-not-found': {
    status: 404,
    title: { fr: 'Inscription introuvable', en: 'Registration not found' },
    next: { fr: 'Ouvrez la liste de vos places.', en: 'Open the list of your seats.' },
  },
  'cafe-not-open': {
    status: 409,
    title: { fr: 'Ce Café ne prend pas d’inscriptions', en: 'This Café takes no registrations' },
    next: { fr: 'Choisissez un autre Café du programme.', en: 'Choose another Café of the programme.' },
  },
  'cafe-cancelled': {
    status: 409,
    title: { fr: 'Ce Café est annulé', en: 'This Café is cancelled' },
    next: {
      fr: 'Une annulation peut être défaite pendant dix secondes ; après, elle est définitive.',
      en: 'A cancellation can be undone for ten seconds; after that it is final.',
    },
  },
  'cafe-full': {
    status: 409,
    title: { fr: 'Ce Café est complet', en: 'This Café is full' },
    next: {
      fr: 'La liste d’attente est fermée ; choisissez un autre Café.',
      en: 'The waitlist is closed; choose another Café.',
    },
  },
  'schedule-clash': {
    status: 409,
    title: { fr: 'Vous avez déjà une place à cette heure', en: 'You already have a seat at that time' },
    next: {
      fr: 'Annulez l’autre place d’abord, si vous préférez ce Café.',
      en: 'Cancel the other seat first if you prefer this Café.',
    },
  },
  'capacity-below-taken': {
    status: 409,
    title: { fr: 'Plus de places prises que cette capacité', en: 'More seats are taken than that capacity' },
    next: { fr: 'Choisissez une capacité plus grande.', en: 'Choose a larger capacity.' },
  },
  'capacity-above-room': {
    status: 409,
    title: { fr: 'La salle n’a pas autant de places', en: 'The room does not have that many seats' },
    next: { fr: 'Choisissez une capacité plus petite.', en: 'Choose a smaller capacity.' },
  },
  'calendar-feed-not-found': {
    status: 404,
    title: { fr: 'Cet agenda n’existe pas ou plus', en: 'There is no such calendar, or no more' },
    next: {
      fr: 'Prenez sa nouvelle adresse sur votre page.',
      en: 'Take its new address from your page.',
    },
  },
  'registration-over': {
    status: 409,
    title: { fr: 'Cette inscription n’est plus active', en: 'This registration is no longer active' },
    next: { fr: 'Prenez une nouvelle place dans le programme.', en: 'Take a new seat in the programme.' },
  },
  'not-confirmed': {
    status: 409,
    title: { fr: 'Cette place n’est pas encore confirmée', en: 'This seat is not confirmed yet' },
    next: {
      fr: 'Si elle vous est proposée, acceptez-la d’abord ; si elle est gardée, confirmez d’abord votre adresse.',
      en: 'If it is offered to you, accept it first; if it is held, prove your address first.',
    },
  },
  'offer-expired': {
    status: 409,
    title: { fr: 'Cette offre a expiré', en: 'This offer has expired' },
    next: { fr: 'Rejoignez de nouveau la liste d’attente.', en: 'Join the waitlist again.' },
  },
  'offer-accepted': {
    status: 409,
    title: { fr: 'Cette offre est déjà acceptée', en: 'This offer is accepted already' },
    next: {
      fr: 'Votre place est confirmée ; ouvrez la liste de vos places.',
      en: 'Your seat is confirmed; open the list of your seats.',
    },
  },
  'no-offer': {
    status: 409,
    title: { fr: 'Aucune place n’est offerte ici', en: 'No seat is offered here' },
    next: { fr: 'Ouvrez la liste de vos places.', en: 'Open the list of your seats.' },
  },
  'same-cafe': {
    status: 409,
    title: { fr: 'C’est déjà votre Café', en: 'This is your Café already' },
    next: { fr: 'Choisissez un autre Café du programme.', en: 'Choose another Café of the programme.' },
  },
  'already-registered': {
    status: 409,
    title: { fr: 'Vous avez déjà une place dans ce Café', en: 'You already have a seat in this Café' },
    next: { fr: 'Ouvrez la liste de vos places.', en: 'Open the list of your seats.' },
  },
  'cafe-not-begun': {
    status: 409,
    title: { fr: 'Ce Café n’a pas commencé', en: 'This Café has not begun' },
    next: {
      fr: 'Libérez les places des absents quelques minutes après le début.',
      en: 'Release the seats of no-shows a few minutes after it begins.',
    },
  },
  'grace-period': {
    status: 409,
    title: { fr: 'Les retardataires ont encore quelques minutes', en: 'Late arrivals still have a few minutes' },
    next: {
      fr: 'Attendez l’heure indiquée, puis libérez les places des absents.',
      en: 'Wait until the time named, then release the seats of no-shows.',
    },
  },
  'not-absent': {
    status: 409,
    title: {
      fr: 'Une des personnes choisies n’est pas absente, ou sa place est déjà libérée',
      en: 'One of the people chosen is not absent, or their seat is released already',
    },
    next: { fr: 'Relisez la liste, puis choisissez de nouveau.', en: 'Read the list again, then choose again.' },
  },
  'more-than-wait': {
    status: 409,
    title: {
      fr: 'Il y a moins de personnes en attente que de places choisies',
      en: 'Fewer people wait than seats were chosen',
    },
    next: {
      fr: 'Choisissez au plus autant de places que de personnes peuvent en prendre.',
      en: 'Choose at most as many seats as people can take.',
    },
  },
  'counts-changed': {
    status: 409,
    title: { fr: 'Les nombres ont changé entre-temps', en: 'The numbers changed in the meantime' },
    next: { fr: 'Relisez l’effet, puis confirmez de nouveau.', en: 'Read the effect again, then confirm again.' },
  },
  'version-changed': {
    status: 412,
    title: { fr: 'Quelqu’un a fait un changement entre-temps', en: 'Somebody made a change in the meantime' },
    next: {
      fr: 'Rien n’a été enregistré. Relisez les valeurs actuelles, puis enregistrez de nouveau.',
      en: 'Nothing was saved. Read the current values, then save again.',
    },
  },
  'undo-over': {
    status: 409,
    title: { fr: 'Il est trop tard pour revenir en arrière', en: 'It is too late to undo this' },
    next: {
      fr: 'Les messages partent. Rechargez la page pour voir où en est le Café.',
      en: 'The messages are on their way. Load the page again to see where the Café stands.',
    },
  },
  'ends-before-start': {
    status: 422,
    title: {
      fr: 'La fin doit suivre le début, dans les 24 heures',
      en: 'The end must follow the start, within 24 hours',
    },
    next: { fr: 'Corrigez les heures et réessayez.', en: 'Correct the times and try again.' },
  },
  'ends-before-now': {
    status: 422,
    title: { fr: 'Cette heure est déjà passée', en: 'That time is over already' },
    next: { fr: 'Choisissez une fin à venir.', en: 'Choose an end that is still to come.' },
  },
  'room-full': {
    status: 409,
    title: { fr: 'La salle est pleine à cette heure', en: 'The room is full at that time' },
    next: { fr: 'Choisissez une autre salle ou une autre heure.', en: 'Choose another room or another time.' },
  },
  'move-clashes': {
    status: 409,
    title: { fr: 'Des personnes auraient deux places à la fois', en: 'Some people would have two seats at once' },
    next: {
      fr: 'Dites ce que deviennent leurs places : échange, maintien ou annulation.',
      en: 'Say what becomes of their seats: swap, keep or cancel.',
    },
  },
  'organisation-not-found': {
    status: 404,
    title: { fr: 'Organisation introuvable', en: 'Organisation not found' },
    next: {
      fr: 'Choisissez une organisation dont vous organisez les événements.',
      en: 'Choose an organisation whose events you organise.',
    },
  },
  'change-not-found': {
    status: 404,
    title: { fr: 'Ce changement est introuvable', en: 'Change not found' },
    next: { fr: 'Rechargez l’historique du programme.', en: 'Load the history of the programme again.' },
  },
  'slug-taken': {
    status: 409,
    title: { fr: 'Cette adresse est déjà prise', en: 'This address is taken already' },
    next: {
      fr: 'Choisissez un autre nom pour l’adresse de l’événement.',
      en: 'Choose another name for the address of the event.',
    },
  },
  'code-taken': {
    status: 409,
    title: { fr: 'Ce code est déjà utilisé', en: 'This code is used already' },
    next: {
      fr: 'Choisissez un code que rien d’autre ne porte dans cet événement.',
      en: 'Choose a code that nothing else has in this event.',
    },
  },
  'limit-reached': {
    status: 409,
    title: { fr: 'Cet événement est au complet', en: 'This event has as many as it can have' },
    next: {
      fr: 'Supprimez ce qui ne sert plus, ou créez un autre événement.',
      en: 'Delete what is no longer needed, or make another event.',
    },
  },
  'has-registrations': {
    status: 409,
    title: { fr: 'Des personnes y sont ou y ont été inscrites', en: 'People are or were registered there' },
    next: {
      fr: 'Annulez plutôt : la liste des personnes reste, et elles reçoivent un message.',
      en: 'Cancel instead: the list of people stays, and they get a message.',
    },
  },
  'room-in-use': {
    status: 409,
    title: { fr: 'Cette salle sert encore', en: 'This room is still in use' },
    next: {
      fr: 'Placez d’abord ses Cafés dans une autre salle, et retirez le rôle de ses hôtes.',
      en: 'First move its Cafés to another room, and take the role of its hosts back.',
    },
  },
  'room-too-small': {
    status: 409,
    title: { fr: 'Ses Cafés ont plus de places que la salle', en: 'Its Cafés have more seats than the room' },
    next: {
      fr: 'Choisissez une capacité plus grande, ou réduisez d’abord les Cafés indiqués.',
      en: 'Choose a larger capacity, or make the Cafés named smaller first.',
    },
  },
  'outside-event': {
    status: 422,
    title: { fr: 'Ces heures sont en dehors de l’événement', en: 'These times are outside the event' },
    next: {
      fr: 'Choisissez des heures entre le début et la fin de l’événement, ou changez d’abord ses jours.',
      en: 'Choose times between the start and the end of the event, or change its days first.',
    },
  },
  'local-time-missing': {
    status: 422,
    title: {
      fr: 'Une des heures n’existe pas ce jour-là : les horloges changent',
      en: 'One of the times does not exist on that day: the clocks change',
    },
    next: { fr: 'Choisissez un autre jour.', en: 'Choose another day.' },
  },
  'texts-missing': {
    status: 422,
    title: {
      fr: 'Un titre manque dans la première langue de l’événement',
      en: 'A title is missing in the first language of the event',
    },
    next: {
      fr: 'Donnez les titres indiqués, ou choisissez une autre première langue.',
      en: 'Give the titles named, or choose another first language.',
    },
  },
  'accent-unreadable': {
    status: 422,
    title: { fr: 'Cette couleur ne se lit pas sur le papier', en: 'This colour cannot be read on the paper' },
    next: {
      fr: 'Choisissez une couleur plus foncée, par exemple celle indiquée.',
      en: 'Choose a darker colour, such as the one named.',
    },
  },
  'event-is-draft': {
    status: 409,
    title: { fr: 'L’événement est encore un brouillon', en: 'The event is still a draft' },
    next: {
      fr: 'Publiez l’événement : ses Cafés s’ouvrent alors.',
      en: 'Publish the event: its Cafés open then.',
    },
  },
  'event-not-ready': {
    status: 409,
    title: { fr: 'L’événement ne peut pas encore être publié', en: 'The event cannot be published yet' },
    next: { fr: 'Complétez ce qui est indiqué, puis publiez.', en: 'Add what is named, then publish.' },
  },
  'order-incomplete': {
    status: 409,
    title: {
      fr: 'Quelque chose a été ajouté ou supprimé entre-temps',
      en: 'Something was added or deleted in the meantime',
    },
    next: {
      fr: 'Rechargez le programme, puis rangez-le de nouveau.',
      en: 'Load the programme again, then put it in order again.',
    },
  },
  'ticket-invalid': {
    status: 422,
    title: { fr: 'Billet non valable', en: 'Invalid ticket' },
    next: { fr: 'Cherchez la personne par son nom.', en: 'Look the person up by name.' },
  },
  'idempotency-mismatch': {
    status: 422,
    title: { fr: 'Clé déjà utilisée pour une autre demande', en: 'Key already used for another request' },
    next: { fr: 'Envoyez cette demande avec une nouvelle clé.', en: 'Send this request with a new key.' },
  },
  'import-not-found': {
    status: 404,
    title: { fr: 'Cet import n’existe pas ou plus', en: 'There is no such import, or no more' },
    next: {
      fr: 'Un fichier est gardé un jour : envoyez-le de nouveau.',
      en: 'A file is kept for a day: send it again.',
    },
  },
  'import-not-ready': {
    status: 409,
    title: { fr: 'Il reste des questions ou des refus', en: 'Questions or refusals are left' },
    next: {
      fr: 'Répondez à ce qui bloque, ou laissez ces entrées de côté.',
      en: 'Answer what blocks, or leave these entries out.',
    },
  },
  'import-running': {
    status: 409,
    title: { fr: 'Un autre import de cet événement est en cours', en: 'Another import of this event is running' },
    next: {
      fr: 'Attendez qu’il finisse, puis regardez de nouveau ce que le vôtre changerait.',
      en: 'Wait until it has finished, then look again at what yours would change.',
    },
  },
  'file-unreadable': {
    status: 422,
    title: { fr: 'Ce fichier ne peut pas être lu', en: 'This file cannot be read' },
    next: { fr: 'Envoyez un autre fichier.', en: 'Send another file.' },
  },
  'payload-too-large': {
    status: 413,
    title: { fr: 'Demande trop grande', en: 'Request too large' },
    next: { fr: 'Envoyez moins à la fois.', en: 'Send less at a time.' },
  },
  'unsupported-media-type': {
    status: 415,
    title: { fr: 'Format non accepté', en: 'Unsupported media type' },
    next: { fr: 'Envoyez du JSON (application/json).', en: 'Send JSON (application/json).' },
  },
  'method-not-allowed': {
    status: 405,
    title: { fr: 'Méthode non acceptée', en: 'Method not allowed' },
    next: { fr: 'Lisez la documentation : /api/v1/docs.', en: 'Read the documentation: /api/v1/docs.' },
  },
  'address-not-deliverable': {
    status: 422,
    title: {
      fr: 'Notre serveur de messagerie n’accepte pas cette adresse',
      en: 'Our mail server does not take this address',
    },
    next: {
      fr: 'Elle a des lettres accentuées ou non latines avant le @. Donnez une autre adresse.',
      en: 'It has accented or non-Latin letters before the @. Give another address.',
    },
  },
  'too-many-requests': {
    status: 429,
    title: { fr: 'Trop de demandes', en: 'Too many requests' },
    next: { fr: 'Attendez un instant avant de réessayer.', en: 'Wait a moment before you try again.' },
  },
  'proof-of-work-required': {
    status: 429,
    title: { fr: 'Calcul demandé', en: 'Proof of work required' },
    next: {
      fr: 'Résolvez le calcul joint et renvoyez la demande avec l’en-tête proof-of-work ; les pages le font d’elles-mêmes.',
      en: 'Solve the challenge below and send the request again with the header proof-of-work; our pages do so by themselves.',
    },
  },
  busy: {
    status: 503,
    title: { fr: 'Beaucoup de monde en ce moment', en: 'Very busy right now' },
    next: { fr: 'Réessayez dans un instant ; rien n’est perdu.', en: 'Try again in a moment; nothing is lost.' },
  },
  unavailable: {
    status: 503,
    title: { fr: 'Service momentanément indisponible', en: 'Temporarily unavailable' },
    next: { fr: 'Réessayez dans un instant ; rien n’est perdu.', en: 'Try again in a moment; nothing is lost.' },
  },
  'internal-error': {
    status: 500,
    title: { fr: 'Erreur de notre côté', en: 'A fault on our side' },
    // The error may have occurred after a commit.
    next: {
      fr: 'Vérifiez d’abord si la demande a abouti, puis réessayez.',
      en: 'Look first whether it was done, then try again.',
    },
  },
} as const satisfies Record<string, ProblemKind>;

/** The `detail` of `internal-error` for calls that only read: nothing was changed. */
export const nothingChanged: Texts = {
  fr: 'Réessayez ; rien n’a été changé.',
  en: 'Try again; nothing was changed.',
};

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** The request header that carries a solved proof of work, `<challenge>.<nonce>`. */
export const PROOF_OF_WORK_HEADER = 'proof-of-work';

/**
 * The member `proofOfWork` of the problem `proof-of-work-required`. A solution is a nonce for which the SHA-256 of `<challenge>.<nonce>`
 * begins with `difficulty` zero bits. A challenge is valid once, for two minutes, for one call and one client.
 */
export const ProofOfWork = z.object({
  challenge: z.string().check(z.minLength(1), z.maxLength(100)),
  difficulty: z.int().check(z.gte(0), z.lte(32)),
});
export type ProofOfWork = z.infer<typeof ProofOfWork>;

/**
 * RFC 9457 problem details. `errors` lists the errors of a body; its member `fault` is the `NameErrorCode` or `AddressErrorCode` of a field.
 * Some problems have further members.
 */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string(), fault: z.optional(z.string()) }))),
  /** Only with `proof-of-work-required`. */
  proofOfWork: z.optional(ProofOfWork),
  /** Only with `version-changed`: the current version, and the current values of what the call would change (of a Café: `CurrentCafe`, or fields of `EditedCafe`). */
  version: z.optional(z.int()),
  current: z.optional(z.looseObject(CurrentCafe.shape)),
});
export type Problem = z.infer<typeof Problem>;

/**
 * An error that is sent as a problem document: as an HTTP answer, a socket's acknowledgement or the output of a command.
 * `members` are added to the document (for example `clashesWith`); `retryAfterSeconds` becomes the header `Retry-After`.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly members: Record<string, unknown>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, members: Record<string, unknown> = {}, retryAfterSeconds?: number) {
    // A problem is an answer, and its stack is never logged. Without a stack it costs less time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(problems[code].title.en);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ProblemError';
    this.code = code;
    this.members = members;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Returns the problem document of a code, in one language. */
export function problemDocument(code: ProblemCode, locale: Locale, members: Record<string, unknown> = {}): Problem {
  const kind = problems[code];
  return {
    type: `urn:comptoir:problem:${code}`,
    title: kind.title[locale],
    status: kind.status,
    detail: kind.next[locale],
    code,
    ...members,
  };
}
