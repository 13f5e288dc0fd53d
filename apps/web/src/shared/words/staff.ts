import { useContentLocale } from './index.ts';
import { withNoBreakSpaces } from './no-break.ts';
import { counter } from './plural.ts';

const nombre = counter('fr-FR');
const number = counter('en-GB');

const grouped = { fr: new Intl.NumberFormat('fr-FR'), en: new Intl.NumberFormat('en-GB') };

/** Formats lists of names: “Zoé, Samir et Léa”. */
const listed = { fr: new Intl.ListFormat('fr'), en: new Intl.ListFormat('en-GB') };

/** The texts of the pages of hosts and organisers, in French and English. Attendees do not load them. */
const fr = withNoBreakSpaces({
  roleRevoked: 'Ce rôle vous a été retiré : cette page ne montre plus rien.',
  forms: {
    seatsMissing: 'Il manque le nombre de places.',
    seatsWrong: (most: number) => `Écrivez un nombre entier, ${grouped.fr.format(most)} au plus.`,
    timeMissing: 'Il manque le jour ou l’heure.',
    ticketMissing: 'Il manque le texte du billet : il est écrit sous le code QR.',
    clashesMissing: 'Choisissez ce que deviennent ces places.',
    excessMissing: 'Cochez la case, ou choisissez une autre salle ou une capacité plus grande.',
  },
  door: {
    title: 'À l’entrée',
    notHost: 'Cette page est réservée aux hôtes de salle.',
    present: (people: number): string => nombre(people, { one: 'présent', other: 'présents' }),
    expected: (people: number): string => nombre(people, { one: 'attendu', other: 'attendus' }),
    states: {
      held: 'place gardée, adresse à confirmer',
      offered: 'place proposée, réponse attendue',
      waitlisted: 'en attente',
      cancelled: 'inscription annulée',
      expired: 'inscription expirée',
    },
    unproved: 'adresse à confirmer',
    noAddress: 'sans adresse',
    nameDeleted: 'Nom effacé',
    heldHint: 'Présent ? Accueillez par « Sans inscription ».',
    registeredBy: (email: string) => `inscrit par ${email}`,
    otherDay: 'Ce Café est un autre jour',
    otherDayNext: (when: string) =>
      `${when}. Un billet scanné n’y est pas enregistré ; un nom choisi dans la liste l’est.`,
    list: 'La liste',
    search: 'Chercher un nom',
    nobody: 'Personne ne porte ce nom.',
    empty: 'Personne n’est encore inscrit.',
    checkIn: 'Enregistrer l’arrivée',
    checkInOf: (name: string) => `Enregistrer l’arrivée : ${name}`,
    undo: 'Annuler l’arrivée',
    undoOf: (name: string) => `Annuler l’arrivée : ${name}`,
    undoSeat: 'Annuler la place',
    undoSeatOf: (name: string) => `Annuler la place : ${name}`,
    arrived: (time: string) => `Ici depuis ${time}`,
    scan: 'Scanner un billet',
    stop: 'Arrêter la caméra',
    noCamera: 'La caméra n’est pas disponible ou pas autorisée. Tapez le billet ci-dessous, ou cherchez le nom.',
    ticket: 'Billet',
    enter: 'Vérifier',
    all: 'Tous les Cafés',
    walkIn: 'Sans inscription',
    walkInTitle: 'Accueillir sans inscription',
    walkInHint: 'L’arrivée est enregistrée avec la place.',
    emailIfAny: 'E-mail (facultatif)',
    noAddressHint: 'Sans adresse, pas de billet ni de message.',
    giveSeat: 'Donner une place',
    absentees: 'Les absents',
    goOn: 'Continuer',
    sending: 'Un instant…',
    noted: (name?: string) => (name ? `Arrivée notée : ${name}` : 'Billet noté'),
    notedNext: 'Le réseau ne répond pas. L’arrivée est gardée sur cet appareil et part dès que possible.',
    notedAt: (time: string) => `notée à ${time}, à envoyer`,
    notRecorded: 'Rien n’est enregistré. Réessayez quand le réseau est revenu.',
    toSend: (arrivals: number) => nombre(arrivals, { one: '# arrivée à envoyer', other: '# arrivées à envoyer' }),
    listAge: (ago: string) => `Liste lue ${ago}`,
    late: 'Arrivée notée, refusée à l’envoi',
    seen: 'Vu',
    results: {
      'checked-in': (name: string) => `Bienvenue, ${name}`,
      'already-checked-in': (name: string) => `${name} : arrivée déjà enregistrée`,
      'other-day': (name: string) => `${name} : l’arrivée n’est pas enregistrée`,
      'wrong-cafe': (name: string) => `${name} : la place est dans un autre Café`,
      'not-confirmed': (name: string) => `${name} : pas de place confirmée`,
    },
    seatIfFree: 'S’il reste une place, « Sans inscription » la lui donne.',
    badTicket: 'Billet non valable',
    findName: 'Cherchez la personne par son nom dans la liste.',
    full: 'Ce Café est complet',
    fullNext: 'Toutes les places sont prises. Les places des absents se libèrent au bas de cette page.',
    over: 'Ce Café est terminé',
    overNext: 'Personne ne peut plus y prendre de place.',
    clash: 'Cette personne a déjà une place à cette heure',
    clashWith: (title: string) => `« ${title} »`,
    clashNext: 'Elle peut la rendre dans son plan, puis entrer ici.',
  },
  organise: {
    title: 'Organisation',
    notOrganiser: 'Cette page est réservée aux organisateurs.',
    totals: {
      taken: (count: number) => nombre(count, { one: 'place prise ou gardée', other: 'places prises ou gardées' }),
      free: (count: number) => nombre(count, { one: 'place à prendre', other: 'places à prendre' }),
      waitlisted: 'en attente',
      present: (count: number) => nombre(count, { one: 'présent', other: 'présents' }),
      people: (count: number) =>
        nombre(count, { one: 'personne, attente comprise', other: 'personnes, attente comprise' }),
    },
    asOf: (ago: string) => `Nombres relevés ${ago}.`,
    mail: 'Messages',
    sent: (count: number) => nombre(count, { one: 'envoyé', other: 'envoyés' }),
    waiting: 'à envoyer',
    failed: (count: number) => nombre(count, { one: 'refusé', other: 'refusés' }),
    undelivered: (count: number) =>
      count === 1 ? 'Un message n’a pas été remis' : `${count} messages n’ont pas été remis`,
    sendAgain: 'Renvoyer',
    sentAgain: (name: string) => `C’est remis à l’envoi pour ${name}.`,
    overTime: 'Inscriptions faites, annulées comprises',
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
    changed: 'Quelqu’un a changé ce Café entre-temps. Voici où il en est :',
    capacityNow: (capacity: number): string => `Capacité : ${capacity}`,
    typedKept:
      'Ce que vous avez saisi est gardé, et rien n’est encore enregistré. Envoyez de nouveau pour le remplacer.',
    above: (capacity: number) => `La salle n’a que ${nombre(capacity, { one: '# place', other: '# places' })}.`,
  },
  cafe: {
    nowhere: 'Ce Café n’existe pas, ou n’est pas de vos événements.',
    door: 'La liste et l’entrée de ce Café',
    takenOf: (taken: number, capacity: number) => `${nombre(taken, { one: 'prise', other: 'prises' })} sur ${capacity}`,
    target: (target: number) => `Capacité visée : ${target}. Les places qui se libèrent ne sont pas redonnées.`,
    stay: (capacity: number) => `Rester à ${capacity}`,
    line: 'Liste d’attente et inscriptions',
    lineOpen: 'La liste d’attente est ouverte.',
    lineClosed: 'La liste d’attente est fermée.',
    lineReopens: 'Elle rouvre avec les inscriptions.',
    lineEnds: (waiting: number) =>
      waiting === 0
        ? 'Personne n’attend.'
        : nombre(waiting, {
            one: 'Fermer met fin à l’attente de # personne : elle reçoit un message.',
            other: 'Fermer met fin à l’attente de # personnes : chacune reçoit un message.',
          }),
    lineLoses: (waiting: number) =>
      nombre(waiting, {
        one: '# personne en attente perd sa place dans la file et reçoit un message.',
        other: '# personnes en attente perdent leur place dans la file et reçoivent un message.',
      }),
    tenSeconds: 'Vous avez ensuite dix secondes pour revenir en arrière.',
    closeYes: 'Oui, fermer',
    lineSoon: (waiting: number) =>
      nombre(waiting, {
        one: 'C’est fermé. Dans quelques secondes, # personne en attente perd sa place dans la file et reçoit un message.',
        other:
          'C’est fermé. Dans quelques secondes, # personnes en attente perdent leur place dans la file et reçoivent un message.',
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
    mailed: (people: number): string =>
      nombre(people, {
        one: 'La personne qui a une place ou attend reçoit un message si le lieu ou l’heure change.',
        other: 'Les # personnes qui ont une place ou attendent reçoivent un message si le lieu ou l’heure change.',
      }),
    before: 'Avant',
    after: 'Après',
    outside: (days: string) =>
      `Cette heure est hors de l’événement (${days}). Vérifiez la date avant de déplacer le Café.`,
    go: 'Déplacer le Café',
    moved: (room: string, when: string) => `C’est fait. ${when}, ${room}.`,
    endings: 'Mettre fin',
    cancel: 'Annuler le Café',
    seated: (people: number) => nombre(people, { one: '# personne a une place.', other: '# personnes ont une place.' }),
    waiting: (people: number) => nombre(people, { one: '# personne attend.', other: '# personnes attendent.' }),
    cancelMailed: (people: number) =>
      nombre(people, {
        one: 'Cette personne reçoit un message et son inscription prend fin. Vous avez dix secondes pour revenir en arrière.',
        other:
          'Chacune reçoit un message et son inscription prend fin. Vous avez dix secondes pour revenir en arrière.',
      }),
    cancelNobody: 'Personne n’a de place ni n’attend : personne ne reçoit de message.',
    undoesEarlier: 'Revenir en arrière annule aussi la fermeture faite juste avant.',
    cancelSoon: (people: number) =>
      nombre(people, {
        one: 'Le Café est annulé. Dans quelques secondes, # personne reçoit un message et son inscription prend fin.',
        other:
          'Le Café est annulé. Dans quelques secondes, # personnes reçoivent un message et leur inscription prend fin.',
      }),
    cancelYes: 'Oui, annuler ce Café',
    keep: 'Ne rien changer',
  },
  noShows: {
    notBegun: 'Quand le Café aura commencé, les places des absents pourront aller à la liste d’attente.',
    grace: (time: string) =>
      `À partir de ${time}, les places des absents pourront aller à la liste d’attente : les retardataires ont encore quelques minutes.`,
    nobodyAbsent: 'Toutes les personnes qui ont une place sont là.',
    allChosen: 'Il n’y a pas d’autre absent.',
    nobodyWaits: (absent: number, others: boolean) =>
      nombre(absent, {
        one: `# personne n’est pas là. ${others ? 'Les places déjà libérées suffisent à la liste d’attente' : 'Personne n’attend'} : elle garde sa place.`,
        other: `# personnes ne sont pas là. ${others ? 'Les places déjà libérées suffisent à la liste d’attente' : 'Personne n’attend'} : elles gardent leur place.`,
      }),
    who: 'Qui n’est pas là ?',
    atMost: (waiting: number) =>
      `${nombre(waiting, { one: '# personne attend', other: '# personnes attendent' })} : choisissez au plus ${nombre(waiting, { one: '# place', other: '# places' })}.`,
    effect: (names: string[]) =>
      nombre(names.length, {
        one: `Place qui va à la liste d’attente : ${listed.fr.format(names)}. Cette personne reçoit un message : le Café a commencé, et elle est bienvenue s’il reste une place.`,
        other: `Places qui vont à la liste d’attente : ${listed.fr.format(names)}. Ces personnes reçoivent un message : le Café a commencé, et elles sont bienvenues s’il reste une place.`,
      }),
    release: (seats: number) =>
      seats === 0
        ? 'Libérer les places choisies'
        : nombre(seats, { one: 'Libérer # place', other: 'Libérer # places' }),
    chooseOne: 'Choisissez au moins une personne.',
    tooMany: (chosen: number, waiting: number) =>
      `Vous avez choisi ${nombre(chosen, { one: '# place', other: '# places' })} et ${nombre(waiting, { one: '# personne attend', other: '# personnes attendent' })}. Une place de plus resterait vide.`,
    fewerCan: (waiting: number) =>
      waiting === 0
        ? 'Aucune des personnes en attente ne peut prendre cette place maintenant.'
        : `Parmi les personnes en attente, ${nombre(waiting, { one: '# seule peut prendre une place', other: '# peuvent prendre une place' })} maintenant.`,
    soon: (names: string[]) =>
      nombre(names.length, {
        one: `Place qui va à la liste d’attente dans quelques secondes : ${listed.fr.format(names)}.`,
        other: `Places qui vont à la liste d’attente dans quelques secondes : ${listed.fr.format(names)}.`,
      }),
  },
  undo: {
    undo: 'Revenir en arrière',
    left: (seconds: number) => `encore ${seconds} s`,
    undone: 'Rien n’a changé, et aucun message n’est parti.',
    over: 'C’est fait. Les messages partent.',
  },
});

export type StaffWords = typeof fr;

const en: StaffWords = {
  roleRevoked: 'This role was taken back from you: this page shows nothing any more.',
  forms: {
    seatsMissing: 'Enter the number of seats.',
    seatsWrong: (most) => `Write a whole number, ${grouped.en.format(most)} at most.`,
    timeMissing: 'Enter the day and the time.',
    ticketMissing: 'Enter the text of the ticket: it is written under the QR code.',
    clashesMissing: 'Choose what becomes of these seats.',
    excessMissing: 'Tick the box, or choose another room or a larger capacity.',
  },
  door: {
    title: 'Door',
    notHost: 'This page is for room hosts.',
    present: () => 'here',
    expected: () => 'expected',
    states: {
      held: 'seat kept, address to be confirmed',
      offered: 'seat offered, answer awaited',
      waitlisted: 'in line',
      cancelled: 'registration cancelled',
      expired: 'registration expired',
    },
    unproved: 'address to be confirmed',
    noAddress: 'no address',
    nameDeleted: 'Name deleted',
    heldHint: 'Here? Seat them with “Walk-in”.',
    registeredBy: (email) => `registered by ${email}`,
    otherDay: 'This Café is on another day',
    otherDayNext: (when) => `${when}. A ticket that is scanned is not recorded; a name chosen from the list is.`,
    list: 'The list',
    search: 'Find a name',
    nobody: 'Nobody has that name.',
    empty: 'Nobody is registered yet.',
    checkIn: 'Check in',
    checkInOf: (name) => `Check in ${name}`,
    undo: 'Undo',
    undoOf: (name) => `Undo the check-in of ${name}`,
    undoSeat: 'Cancel the seat',
    undoSeatOf: (name) => `Cancel the seat of ${name}`,
    arrived: (time) => `Here since ${time}`,
    scan: 'Scan a ticket',
    stop: 'Stop the camera',
    noCamera: 'The camera is not available or not allowed. Type the ticket below, or find the name.',
    ticket: 'Ticket',
    enter: 'Check',
    all: 'All Cafés',
    walkIn: 'Walk-in',
    walkInTitle: 'Seat a walk-in',
    walkInHint: 'They are checked in with the seat.',
    emailIfAny: 'E-mail (optional)',
    noAddressHint: 'Without an address, no ticket and no messages.',
    giveSeat: 'Give a seat',
    absentees: 'No-shows',
    goOn: 'Go on',
    sending: 'One moment…',
    noted: (name) => (name ? `Arrival noted: ${name}` : 'Ticket noted'),
    notedNext: 'The network does not answer. The arrival is kept on this device and sent as soon as possible.',
    notedAt: (time) => `noted at ${time}, to be sent`,
    notRecorded: 'Nothing is recorded. Try again when the network is back.',
    toSend: (arrivals) => number(arrivals, { one: '# arrival to send', other: '# arrivals to send' }),
    listAge: (ago) => `List read ${ago}`,
    late: 'Noted arrival, refused when it was sent',
    seen: 'Seen',
    results: {
      'checked-in': (name) => `Welcome, ${name}`,
      'already-checked-in': (name) => `${name}: already checked in`,
      'other-day': (name) => `${name}: the arrival is not recorded`,
      'wrong-cafe': (name) => `${name}: the seat is in another Café`,
      'not-confirmed': (name) => `${name}: no confirmed seat`,
    },
    seatIfFree: 'If a seat is left, “Walk-in” gives it to them.',
    badTicket: 'Invalid ticket',
    findName: 'Find the person by name in the list.',
    full: 'This Café is full',
    fullNext: 'All seats are taken. The seats of no-shows become free at the bottom of this page.',
    over: 'This Café is over',
    overNext: 'Nobody can take a seat in it any more.',
    clash: 'This person already has a seat at that time',
    clashWith: (title) => `“${title}”`,
    clashNext: 'They can give it back in their plan, then come in here.',
  },
  organise: {
    title: 'Organise',
    notOrganiser: 'This page is for organisers.',
    totals: {
      taken: (count) => number(count, { one: 'seat taken or held', other: 'seats taken or held' }),
      free: (count) => number(count, { one: 'seat to take', other: 'seats to take' }),
      waitlisted: 'in line',
      present: () => 'here',
      people: (count) => number(count, { one: 'person, with those in line', other: 'people, with those in line' }),
    },
    asOf: (ago) => `Numbers from ${ago}.`,
    mail: 'Messages',
    sent: () => 'sent',
    waiting: 'to send',
    failed: () => 'refused',
    undelivered: (count) => (count === 1 ? 'One message was not delivered' : `${count} messages were not delivered`),
    sendAgain: 'Send again',
    sentAgain: (name) => `Put back in the queue for ${name}.`,
    overTime: 'Registrations made, cancelled ones included',
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
    changed: 'Somebody changed this Café in the meantime. It now stands so:',
    capacityNow: (capacity) => `Capacity: ${capacity}`,
    typedKept: 'What you typed is kept, and nothing is saved yet. Send it again to replace these values.',
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
    lineReopens: 'It opens again with registration.',
    lineEnds: (waiting) =>
      waiting === 0
        ? 'Nobody waits.'
        : number(waiting, {
            one: 'Closing ends the waiting of # person, who gets a message.',
            other: 'Closing ends the waiting of # people: each gets a message.',
          }),
    lineLoses: (waiting) =>
      number(waiting, {
        one: '# waiting person loses the place in the waitlist and gets a message.',
        other: '# waiting people lose their places in the waitlist and get a message.',
      }),
    tenSeconds: 'After that you have ten seconds to undo it.',
    closeYes: 'Yes, close',
    lineSoon: (waiting) =>
      number(waiting, {
        one: 'Closed. In a few seconds # waiting person loses the place in the waitlist and gets a message.',
        other: 'Closed. In a few seconds # waiting people lose their places in the waitlist and get a message.',
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
    mailed: (people) =>
      number(people, {
        one: 'The person with a seat or in line gets a message if the place or the time changes.',
        other: 'The # people with a seat or in line get a message if the place or the time changes.',
      }),
    before: 'Before',
    after: 'After',
    outside: (days) => `This time is outside the event (${days}). Check the date before you move the Café.`,
    go: 'Move the Café',
    moved: (room, when) => `Done. ${when}, ${room}.`,
    endings: 'End',
    cancel: 'Cancel the Café',
    seated: (people) => number(people, { one: '# person has a seat.', other: '# people have a seat.' }),
    waiting: (people) => number(people, { one: '# person waits.', other: '# people wait.' }),
    cancelMailed: (people) =>
      number(people, {
        one: 'That person gets a message, and the registration ends. You have ten seconds to undo it.',
        other: 'Each gets a message, and their registrations end. You have ten seconds to undo it.',
      }),
    cancelNobody: 'Nobody has a seat or waits: nobody gets a message.',
    undoesEarlier: 'Undo also undoes the closing made just before.',
    cancelSoon: (people) =>
      number(people, {
        one: 'The Café is cancelled. In a few seconds # person gets a message, and the registration ends.',
        other: 'The Café is cancelled. In a few seconds # people get a message, and their registrations end.',
      }),
    cancelYes: 'Yes, cancel this Café',
    keep: 'Change nothing',
  },
  noShows: {
    notBegun: 'Once the Café has begun, the seats of absent people can go to the waitlist.',
    grace: (time) =>
      `From ${time} on the seats of absent people can go to the waitlist: late arrivals still have a few minutes.`,
    nobodyAbsent: 'Everybody with a seat is here.',
    allChosen: 'Nobody else is absent.',
    nobodyWaits: (absent, others) =>
      number(absent, {
        one: `# person is not here. ${others ? 'The seats released are enough for the waitlist' : 'Nobody waits'}: the seat stays theirs.`,
        other: `# people are not here. ${others ? 'The seats released are enough for the waitlist' : 'Nobody waits'}: the seats stay theirs.`,
      }),
    who: 'Who is not here?',
    atMost: (waiting) =>
      `${number(waiting, { one: '# person waits', other: '# people wait' })}: choose ${number(waiting, { one: '# seat', other: '# seats' })} at most.`,
    effect: (names) =>
      number(names.length, {
        one: `The seat of ${listed.en.format(names)} goes to the waitlist. That person gets a message: the Café has begun, and they are welcome if a seat is free.`,
        other: `The seats of ${listed.en.format(names)} go to the waitlist. These people get a message: the Café has begun, and they are welcome if a seat is free.`,
      }),
    release: (seats) =>
      seats === 0 ? 'Release the seats chosen' : number(seats, { one: 'Release # seat', other: 'Release # seats' }),
    chooseOne: 'Choose at least one person.',
    tooMany: (chosen, waiting) =>
      `You chose ${number(chosen, { one: '# seat', other: '# seats' })} and ${number(waiting, { one: '# person waits', other: '# people wait' })}. Any seat more would stay empty.`,
    fewerCan: (waiting) =>
      waiting === 0
        ? 'None of the people who wait can take this seat now.'
        : `Of the people who wait, ${number(waiting, { one: 'only # can take a seat', other: '# can take a seat' })} now.`,
    soon: (names) =>
      number(names.length, {
        one: `The seat of ${listed.en.format(names)} goes to the waitlist in a few seconds.`,
        other: `The seats of ${listed.en.format(names)} go to the waitlist in a few seconds.`,
      }),
  },
  undo: {
    undo: 'Undo',
    left: (seconds) => `${seconds} s left`,
    undone: 'Nothing has changed, and no message was sent.',
    over: 'Done. The messages are on their way.',
  },
};

const words = { fr, en };

export function useStaffWords(): StaffWords {
  return words[useContentLocale()];
}
