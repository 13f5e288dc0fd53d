import { useContentLocale } from './index.ts';
import { counter } from './plural.ts';
import { tied } from './tied.ts';

const nombre = counter('fr-FR');
const number = counter('en-GB');

/** What the pages of hosts and organisers say. Theirs are in French and English; attendees do not load these words. */
const fr = tied({
  door: {
    title: 'Accueil',
    lead: 'Les Cafés de vos salles.',
    notHost: 'Cette page est réservée aux hôtes de salle.',
    present: 'présents',
    expected: 'attendus',
    waiting: 'en attente',
    held: 'place gardée, adresse à confirmer',
    list: 'La liste',
    search: 'Chercher un nom',
    nobody: 'Personne ne porte ce nom.',
    empty: 'Personne n’est encore inscrit.',
    checkIn: 'Enregistrer l’arrivée',
    checkInOf: (name: string) => `Enregistrer l’arrivée de ${name}`,
    undo: 'Annuler l’arrivée',
    undoOf: (name: string) => `Annuler l’arrivée de ${name}`,
    arrived: (time: string) => `Arrivé à ${time}`,
    scan: 'Scanner un billet',
    stop: 'Arrêter la caméra',
    noCamera: 'La caméra n’est pas disponible ou pas autorisée. Tapez le billet ci-dessous, ou cherchez le nom.',
    ticket: 'Billet',
    ticketHint: 'Le texte du code QR',
    enter: 'Vérifier',
    all: 'Tous les Cafés',
    results: {
      'checked-in': (name: string) => `Bienvenue, ${name}`,
      'already-checked-in': (name: string, time: string) => `${name} : déjà enregistré à ${time}`,
      'wrong-cafe': (name: string) => `${name} : la place est dans un autre Café`,
      'not-confirmed': (name: string) => `${name} : pas de place confirmée`,
      'ticket-invalid': 'Billet non valable',
    },
  },
  organise: {
    title: 'Organisation',
    notOrganiser: 'Cette page est réservée aux organisateurs.',
    totals: {
      taken: (count: number) => nombre(count, { one: 'place prise', other: 'places prises' }),
      free: (count: number) => nombre(count, { one: 'place libre', other: 'places libres' }),
      waitlisted: 'en attente',
      present: (count: number) => nombre(count, { one: 'présent', other: 'présents' }),
      people: (count: number) => nombre(count, { one: 'personne', other: 'personnes' }),
    },
    asOf: (ago: string) => `Nombres relevés ${ago}.`,
    away: 'Le direct est interrompu. Ces nombres changeront dès qu’il sera de retour.',
    mail: 'Messages',
    sent: (count: number) => nombre(count, { one: 'envoyé', other: 'envoyés' }),
    waiting: 'à envoyer',
    failed: (count: number) => nombre(count, { one: 'refusé', other: 'refusés' }),
    undelivered: (count: number) =>
      count === 1 ? 'Un message n’a pas été remis' : `${count} messages n’ont pas été remis`,
    sendAgain: 'Renvoyer',
    sentAgain: (name: string) => `C’est renvoyé à ${name}.`,
    queues: 'Voir les files d’envoi',
    overTime: 'Inscriptions dans le temps',
    overTimeTable: 'Les mêmes nombres en tableau',
    hour: 'Heure',
    count: 'Inscriptions',
    noneYet: 'Aucune inscription pour l’instant.',
    cafe: 'Café',
    seats: 'Places',
    line: 'En attente',
    present: 'Présents',
    capacity: 'Capacité',
    target: (target: number) => `Capacité visée : ${target}`,
    save: 'Enregistrer',
    close: 'Clore les inscriptions',
    reopen: 'Rouvrir les inscriptions',
    open: 'Ouvrir le Café',
    below: (taken: number, capacity: number) =>
      `${nombre(taken, { one: '# place est déjà prise', other: '# places sont déjà prises' })} : impossible de descendre à ${capacity} d’un coup.`,
    approach: (capacity: number) => `Descendre à ${capacity} à mesure que des places se libèrent`,
    above: (capacity: number) => `La salle n’a que ${nombre(capacity, { one: '# place', other: '# places' })}.`,
  },
  cafe: {
    nowhere: 'Ce Café n’existe pas, ou n’est pas de vos événements.',
    door: 'La liste et l’accueil de ce Café',
    takenOf: (taken: number, capacity: number) => `${nombre(taken, { one: 'prise', other: 'prises' })} sur ${capacity}`,
    target: (target: number) => `Capacité visée : ${target}. Les places qui se libèrent ne sont pas redonnées.`,
    stay: (capacity: number) => `Rester à ${capacity}`,
    line: 'Liste d’attente et inscriptions',
    lineOpen: 'La liste d’attente est ouverte.',
    lineClosed: 'La liste d’attente est fermée.',
    lineEnds: (waiting: number) =>
      waiting === 0
        ? 'Personne n’attend.'
        : nombre(waiting, {
            one: 'Fermer met fin à l’attente de # personne : elle reçoit un message.',
            other: 'Fermer met fin à l’attente de # personnes : chacune reçoit un message.',
          }),
    lineOpens: 'Ouverte, elle prend de nouveau qui arrive quand le Café est complet.',
    closeLine: 'Fermer la liste d’attente',
    openLine: 'Ouvrir la liste d’attente',
    states: {
      open: 'Le Café prend des inscriptions.',
      closed: 'Le Café ne prend plus d’inscriptions.',
      draft: 'Le Café est un brouillon.',
    },
    stateHints: {
      open: 'Inscriptions closes, il reste au programme : qui a une place la garde, qui attend reçoit un message et n’attend plus.',
      closed: 'Rouvert, il prend de nouveau des inscriptions.',
      draft: 'Personne d’autre ne le voit. Ouvert, il est au programme et prend des inscriptions.',
    },
    move: 'Déplacer',
    room: 'Salle',
    roomOf: (name: string, capacity: number) => `${name} (${nombre(capacity, { one: '# place', other: '# places' })})`,
    starts: 'Début',
    ends: 'Fin',
    zone: (timeZone: string) => `À l’heure de l’événement : ${timeZone}`,
    noSuchTime: 'Cette heure n’existe pas : les montres la sautent ce jour-là.',
    capacityThere: 'Capacité là-bas',
    capacityHint: 'Laissée vide : la même, autant que la salle le permet.',
    look: 'Voir ce qui changerait',
    would: (taken: number, capacity: number) =>
      `${nombre(taken, { one: '# place prise', other: '# places prises' })} sur ${capacity}.`,
    noClash: 'Personne n’aurait deux places à la fois.',
    clashes: (people: number) =>
      nombre(people, {
        one: '# personne aurait deux places à la fois.',
        other: '# personnes auraient deux places à la fois.',
      }),
    alsoIn: (title: string) => `a une place dans « ${title} »`,
    decide: 'Que deviennent ces places ici ?',
    decisions: { swap: 'Proposer un échange', keep: 'Garder les deux places', cancel: 'Annuler ces places ici' },
    decisionHints: {
      swap: 'La place ici attend une réponse : dire oui rend l’autre.',
      keep: 'À qui a les deux de choisir où aller.',
      cancel: 'Avec un message ; l’autre place reste.',
    },
    excess: (seats: number) => nombre(seats, { one: '# place de trop', other: '# places de trop' }),
    cancelExcess: (seats: number) =>
      nombre(seats, { one: 'Annuler la dernière place donnée', other: 'Annuler les # dernières places données' }),
    cancelExcessHint: 'Avec un message. Sinon, choisissez une autre salle ou une capacité plus grande.',
    told: (people: number): string =>
      nombre(people, {
        one: 'La personne qui a une place ou attend reçoit un message si le lieu ou l’heure change.',
        other: 'Les # personnes qui ont une place ou attendent reçoivent un message si le lieu ou l’heure change.',
      }),
    go: 'Déplacer le Café',
    moved: (room: string, when: string) => `C’est fait. ${when}, ${room}.`,
    endings: 'Mettre fin',
    notBegun: 'Quand le Café aura commencé, les places des absents pourront aller à la liste d’attente.',
    nobodyAbsent: 'Toutes les personnes qui ont une place sont là.',
    noShows: 'Donner les places des absents',
    absent: (people: number) =>
      nombre(people, {
        one: '# personne a une place et n’est pas là.',
        other: '# personnes ont une place et ne sont pas là.',
      }),
    noShowsTold: (waiting: number) =>
      `Un message annule leur place, qui va à la liste d’attente (${nombre(waiting, { other: '# en attente' })}).`,
    noShowsYes: (people: number) => nombre(people, { one: 'Donner # place', other: 'Donner # places' }),
    cancel: 'Annuler le Café',
    seated: (people: number) => nombre(people, { one: '# personne a une place.', other: '# personnes ont une place.' }),
    waiting: (people: number) => nombre(people, { one: '# personne attend.', other: '# personnes attendent.' }),
    cancelTold: (people: number) =>
      nombre(people, {
        one: 'Cette personne reçoit un message. Son inscription est annulée, et on ne revient pas en arrière.',
        other: 'Chacune reçoit un message. Leurs inscriptions sont annulées, et on ne revient pas en arrière.',
      }),
    cancelNobody: 'Personne n’a de place ni n’attend. On ne revient pas en arrière.',
    cancelYes: 'Oui, annuler ce Café',
    keep: 'Ne rien changer',
  },
});

export type StaffWords = typeof fr;

const en: StaffWords = {
  door: {
    title: 'Door',
    lead: 'The Cafés of your rooms.',
    notHost: 'This page is for room hosts.',
    present: 'here',
    expected: 'expected',
    waiting: 'in line',
    held: 'seat kept, address to be confirmed',
    list: 'The list',
    search: 'Find a name',
    nobody: 'Nobody has that name.',
    empty: 'Nobody is registered yet.',
    checkIn: 'Check in',
    checkInOf: (name) => `Check in ${name}`,
    undo: 'Undo',
    undoOf: (name) => `Undo the check-in of ${name}`,
    arrived: (time) => `Here since ${time}`,
    scan: 'Scan a ticket',
    stop: 'Stop the camera',
    noCamera: 'The camera is not available or not allowed. Type the ticket below, or find the name.',
    ticket: 'Ticket',
    ticketHint: 'The text of the QR code',
    enter: 'Check',
    all: 'All Cafés',
    results: {
      'checked-in': (name) => `Welcome, ${name}`,
      'already-checked-in': (name, time) => `${name}: already checked in at ${time}`,
      'wrong-cafe': (name) => `${name}: the seat is in another Café`,
      'not-confirmed': (name) => `${name}: no confirmed seat`,
      'ticket-invalid': 'Invalid ticket',
    },
  },
  organise: {
    title: 'Organise',
    notOrganiser: 'This page is for organisers.',
    totals: {
      taken: (count) => number(count, { one: 'seat taken', other: 'seats taken' }),
      free: (count) => number(count, { one: 'seat free', other: 'seats free' }),
      waitlisted: 'in line',
      present: () => 'here',
      people: (count) => number(count, { one: 'person', other: 'people' }),
    },
    asOf: (ago) => `Numbers from ${ago}.`,
    away: 'Live updates are interrupted. These numbers change as soon as they are back.',
    mail: 'Messages',
    sent: () => 'sent',
    waiting: 'to send',
    failed: () => 'refused',
    undelivered: (count) => (count === 1 ? 'One message was not delivered' : `${count} messages were not delivered`),
    sendAgain: 'Send again',
    sentAgain: (name) => `Sent again to ${name}.`,
    queues: 'See the queues',
    overTime: 'Registrations over time',
    overTimeTable: 'The same numbers as a table',
    hour: 'Time',
    count: 'Registrations',
    noneYet: 'No registration yet.',
    cafe: 'Café',
    seats: 'Seats',
    line: 'Line',
    present: 'Here',
    capacity: 'Capacity',
    target: (target) => `Target capacity: ${target}`,
    save: 'Save',
    close: 'Close registration',
    reopen: 'Reopen registration',
    open: 'Open the Café',
    below: (taken, capacity) =>
      `${number(taken, { one: '# seat is taken already', other: '# seats are taken already' })}: it cannot go down to ${capacity} at once.`,
    approach: (capacity) => `Go down to ${capacity} as seats become free`,
    above: (capacity) => `The room has only ${number(capacity, { one: '# seat', other: '# seats' })}.`,
  },
  cafe: {
    nowhere: 'There is no such Café, or it is not of your events.',
    door: 'The list and the door of this Café',
    takenOf: (_, capacity) => `taken of ${capacity}`,
    target: (target) => `Target capacity: ${target}. Seats that become free are not given again.`,
    stay: (capacity) => `Stay at ${capacity}`,
    line: 'Waitlist and registrations',
    lineOpen: 'The waitlist is open.',
    lineClosed: 'The waitlist is closed.',
    lineEnds: (waiting) =>
      waiting === 0
        ? 'Nobody waits.'
        : number(waiting, {
            one: 'Closing ends the waiting of # person, who gets a message.',
            other: 'Closing ends the waiting of # people: each gets a message.',
          }),
    lineOpens: 'Open, it takes again whoever comes when the Café is full.',
    closeLine: 'Close the waitlist',
    openLine: 'Open the waitlist',
    states: {
      open: 'The Café takes registrations.',
      closed: 'The Café takes no more registrations.',
      draft: 'The Café is a draft.',
    },
    stateHints: {
      open: 'With registration closed it stays in the programme: whoever has a seat keeps it, whoever waits gets a message and waits no longer.',
      closed: 'Reopened, it takes registrations again.',
      draft: 'Nobody else sees it. Open, it is in the programme and takes registrations.',
    },
    move: 'Move',
    room: 'Room',
    roomOf: (name, capacity) => `${name} (${number(capacity, { one: '# seat', other: '# seats' })})`,
    starts: 'Start',
    ends: 'End',
    zone: (timeZone) => `In the time of the event: ${timeZone}`,
    noSuchTime: 'There is no such time: clocks leap over it that day.',
    capacityThere: 'Capacity there',
    capacityHint: 'Left empty: the same, as far as the room has it.',
    look: 'See what would change',
    would: (taken, capacity) => `${number(taken, { one: '# seat', other: '# seats' })} taken of ${capacity}.`,
    noClash: 'Nobody would have two seats at once.',
    clashes: (people) =>
      number(people, {
        one: '# person would have two seats at once.',
        other: '# people would have two seats at once.',
      }),
    alsoIn: (title) => `has a seat in “${title}”`,
    decide: 'What becomes of these seats here?',
    decisions: { swap: 'Offer a swap', keep: 'Keep both seats', cancel: 'Cancel these seats here' },
    decisionHints: {
      swap: 'The seat here waits for an answer: a yes gives the other one back.',
      keep: 'Whoever has both chooses where to go.',
      cancel: 'With a message; the other seat stays.',
    },
    excess: (seats) => number(seats, { one: '# seat too many', other: '# seats too many' }),
    cancelExcess: (seats) =>
      number(seats, { one: 'Cancel the last seat given', other: 'Cancel the # last seats given' }),
    cancelExcessHint: 'With a message. Otherwise choose another room or a larger capacity.',
    told: (people) =>
      number(people, {
        one: 'The person with a seat or in line gets a message if the place or the time changes.',
        other: 'The # people with a seat or in line get a message if the place or the time changes.',
      }),
    go: 'Move the Café',
    moved: (room, when) => `Done. ${when}, ${room}.`,
    endings: 'End',
    notBegun: 'Once the Café has begun, the seats of those who did not come can go to the line.',
    nobodyAbsent: 'Everybody with a seat is here.',
    noShows: 'Give the seats of no-shows',
    absent: (people) =>
      number(people, { one: '# person has a seat and is not here.', other: '# people have a seat and are not here.' }),
    noShowsTold: (waiting) =>
      `A message cancels their seat, which goes to the line (${number(waiting, { other: '# in line' })}).`,
    noShowsYes: (people) => number(people, { one: 'Give # seat', other: 'Give # seats' }),
    cancel: 'Cancel the Café',
    seated: (people) => number(people, { one: '# person has a seat.', other: '# people have a seat.' }),
    waiting: (people) => number(people, { one: '# person waits.', other: '# people wait.' }),
    cancelTold: (people) =>
      number(people, {
        one: 'That person gets a message. The registration is cancelled, and there is no way back.',
        other: 'Each gets a message. Their registrations are cancelled, and there is no way back.',
      }),
    cancelNobody: 'Nobody has a seat or waits. There is no way back.',
    cancelYes: 'Yes, cancel this Café',
    keep: 'Change nothing',
  },
};

const words = { fr, en };

export function useStaffWords(): StaffWords {
  return words[useContentLocale()];
}
