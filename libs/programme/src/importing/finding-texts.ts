import type { Locale } from '#contract';

type Words = Record<Locale, string>;

/** What a reader of published texts is not sure of, as a sentence that goes on after a colon. */
const doubtTexts = {
  'text-without-dates': {
    fr: 'un document ne donne ni les dates ni les autres langues, et les heures et les places seulement s’il est un horaire : ajoutez-les',
    en: 'dates and the other languages are not read from a document, times and capacities only from a timetable: add them',
  },
  'text-room-twice': { fr: 'la salle est nommée une deuxième fois', en: 'the room is named a second time' },
  'text-after-room': {
    fr: 'le texte entre la salle et sa première entrée n’est pas repris',
    en: 'text between the room and its first entry was left out',
  },
  'text-code-twice': { fr: 'deux entrées ont ce code', en: 'the code is used by two entries' },
  'text-host-elsewhere': {
    fr: 'l’organisme « {host} » n’est pas nommé dans le texte : vérifiez comment il s’écrit',
    en: 'the host “{host}” is not named in the text: check how it is written',
  },
  'text-no-room': { fr: 'aucune salle n’est nommée avant cette entrée', en: 'no room is named before this entry' },
  'text-space-code': {
    fr: 'l’espace n’a pas de code ; le nom de son organisme a été pris : {code}',
    en: "the space has no code of its own; its host's name was taken: {code}",
  },
  'text-hosts-cut': {
    fr: 'seuls les {taken} premiers organismes sur {hosts} sont repris',
    en: 'only the first {taken} of {hosts} hosts were taken',
  },
  'text-no-host': {
    fr: 'aucun organisme ne suit un tiret dans le titre',
    en: 'no host stands after a dash in the heading',
  },
  'text-several-dashes': {
    fr: 'le titre a plusieurs tirets ; le dernier a été pris pour celui qui précède les organismes',
    en: 'the heading has several dashes; the last was taken as the one before the hosts',
  },
  'text-no-title': { fr: 'l’entrée n’a pas de titre', en: 'the heading has no title' },
  'text-looks-like-entry': {
    fr: 'cette ligne ressemble au début d’une entrée et a été lue comme la suite de la précédente',
    en: 'this line looks like the start of an entry and was read as text of the part before it',
  },
  'text-line-left-out': {
    fr: 'cette ligne n’appartient à aucune entrée et n’est pas reprise',
    en: 'this line belongs to no entry and was left out',
  },
  'text-no-end': { fr: 'l’heure de fin manque', en: 'no end is given' },
  'text-room-unsure': {
    fr: 'la salle n’est pas sûre : ce qui n’a pas de numéro peut concerner toutes les salles',
    en: 'the room is not sure: what has no number may be for all rooms',
  },
  'text-remark': {
    fr: '« {text} » n’est pas repris : cela ne dit rien du programme',
    en: '“{text}” was left out: it says nothing of the programme',
  },
  'text-speakers-unconfirmed': {
    fr: 'les intervenants ne sont pas confirmés',
    en: 'the speakers are not confirmed',
  },
  'text-not-understood': {
    fr: '« {text} » n’a pas été compris et n’est pas repris',
    en: '“{text}” was not understood and was left out',
  },
  'text-list-left-out': {
    fr: 'une liste sans titre connu n’est pas reprise',
    en: 'a list without a heading that the reader knows was left out',
  },
  'text-label-left-out': {
    fr: '« {text} » n’a pas de place dans un programme et n’est pas repris',
    en: '“{text}” has no place in a programme and was left out',
  },
  'text-no-summary': {
    fr: 'aucun paragraphe ne décrit l’entrée',
    en: 'no paragraph was found to describe the entry',
  },
  'text-no-person': {
    fr: 'personne n’a été reconnu dans « {text} »',
    en: 'no person was recognised in “{text}”',
  },
  'text-witness': {
    fr: '{name} est nommé dans une phrase et a été pris comme intervenant',
    en: '{name} is named in a sentence and was taken as a speaker',
  },
  'text-contact-nameless': {
    fr: 'un contact sans nom n’est pas repris',
    en: 'a contact without a name was left out',
  },
  'text-minutes-summed': {
    fr: 'les durées de « {text} » ont été additionnées',
    en: 'the times of “{text}” were added up',
  },
} as const satisfies Record<string, Words>;
export type DoubtCode = keyof typeof doubtTexts;

/** Everything that an import can find, in the languages of the pages. Words in braces are values of the finding. */
export const findingTexts = {
  ...doubtTexts,
  'encoding-assumed': {
    fr: 'le fichier n’est pas en UTF-8 et a été lu en {encoding} : vérifiez les accents',
    en: 'the file is not in UTF-8 and was read as {encoding}: check the accents',
  },
  'document-invalid': { fr: '{path} : {message}', en: '{path}: {message}' },
  'slug-is-of-event': {
    fr: 'le fichier nomme l’événement {slug} ; il est lu pour cet événement-ci',
    en: 'the file names the event {slug}; it is read for this event',
  },
  'slug-taken': {
    fr: 'un événement a déjà l’adresse « {slug} » : choisissez-en une autre',
    en: 'an event has the address “{slug}” already: choose another one',
  },
  'zone-unlikely': {
    fr: 'le fichier dit que le fuseau est {zone}, mais ses heures n’y correspondent pas : {assumed} a été supposé',
    en: 'the file says that the time zone is {zone}, but its times do not agree: {assumed} was assumed',
  },
  'zone-assumed': {
    fr: 'le fichier ne dit pas son fuseau horaire : {assumed} a été supposé',
    en: 'the file does not say its time zone: {assumed} was assumed',
  },
  'zulu-is-local': {
    fr: 'heures qui finissent par « Z » et que le fichier donne aussi comme heures locales : {entries} ; elles ont été lues comme heures de {timeZone}',
    en: 'times that end in “Z” and that the file also gives as local times: {entries}; they were read as times of {timeZone}',
  },
  'clock-skipped': {
    fr: 'cette nuit-là, l’horloge saute {clock} : l’heure suivante a été prise',
    en: 'the clocks skip {clock} in that night: the hour after it was taken',
  },
  'time-unread': { fr: '« {text} » n’est pas une heure', en: '“{text}” is not a time' },
  'noon-or-midnight': { fr: '« {text} » : midi ou minuit ?', en: '“{text}”: noon or midnight?' },
  'day-unread': { fr: '« {text} » n’est pas une date', en: '“{text}” is not a date' },
  'day-month-first': {
    fr: '« {text} » n’est pas une date : le jour précède le mois',
    en: '“{text}” is not a date: the day stands before the month',
  },
  'duration-unread': { fr: '« {text} » n’est pas une durée', en: '“{text}” is not a duration' },
  'number-unread': { fr: '« {text} » n’est pas un nombre', en: '“{text}” is not a number' },
  'ends-before-start': {
    fr: 'finit à {end}, avant de commencer à {start}',
    en: 'ends at {end}, before it starts at {start}',
  },
  'longer-than-a-day': { fr: 'dure {hours} heures : plus d’un jour', en: 'lasts {hours} hours: longer than a day' },
  'end-missing': { fr: 'l’heure de fin manque', en: 'no end is given' },
  'no-times': {
    fr: 'entrées sans heure : {entries} ; donnez la date, l’heure de début et la durée',
    en: 'entries without a time: {entries}; give the day, the start and the duration',
  },
  'no-day': {
    fr: 'entrées sans date : {entries} ; quel jour ?',
    en: 'entries without a date: {entries}; on which day?',
  },
  'day-of-text': { fr: 'la date du texte a été prise : {day}', en: 'the date of the text was taken: {day}' },
  'value-from-above': {
    fr: 'lignes sans date : {rows} ; celle de la ligne au-dessus a été prise',
    en: 'rows without a date: {rows}; that of the row above was taken',
  },
  'too-many-cells': {
    fr: 'la ligne a {cells} cellules pour {columns} colonnes : une cellule contient-elle le séparateur ?',
    en: 'the row has {cells} cells for {columns} columns: does a cell contain the delimiter?',
  },
  'formula-as-text': { fr: 'la formule est reprise comme texte', en: 'the formula was taken as text' },
  'formula-values': {
    fr: 'cellules avec une formule : {cells} ; leur dernier résultat a été pris',
    en: 'cells with a formula: {cells}; their last result was taken',
  },
  'merged-cells': {
    fr: 'cellules fusionnées : {cells} ; elles ont reçu la valeur de la première',
    en: 'merged cells: {cells}; they got the value of the first one',
  },
  'first-sheet': {
    fr: 'le classeur a {sheets} feuilles : « {sheet} » a été lue',
    en: 'the workbook has {sheets} sheets: “{sheet}” was read',
  },
  'id-in-two-rooms': {
    fr: 'l’identifiant {id} est dans plusieurs salles : les entrées sont distinguées par la salle ({room})',
    en: 'the id {id} stands in several rooms: the entries are told apart by their room ({room})',
  },
  'id-repeated': {
    fr: 'l’identifiant {id} revient : les entrées sont distinguées par leur ordre',
    en: 'the id {id} is repeated: the entries are told apart by their order',
  },
  'rooms-share-guid': {
    fr: 'ces salles ont le même identifiant et sont distinguées par leur nom : {rooms}',
    en: 'these rooms have one id and are told apart by their names: {rooms}',
  },
  'room-missing': { fr: 'la salle manque', en: 'no room is given' },
  'room-seats-missing': {
    fr: 'combien de places a la salle « {room} » ?',
    en: 'how many seats has the room “{room}”?',
  },
  'seats-of-room': {
    fr: 'entrées sans nombre de places : {entries} ; celui de leur salle a été pris',
    en: 'entries without a number of seats: {entries}; that of their room was taken',
  },
  'seats-above-room': {
    fr: '{seats} places, mais la salle « {room} » en a {capacity}',
    en: '{seats} seats, but the room “{room}” has {capacity}',
  },
  'title-missing': { fr: 'le titre manque', en: 'no title is given' },
  'language-assumed': {
    fr: 'entrées sans langue : {entries} ; « {language} » a été supposé',
    en: 'entries without a language: {entries}; “{language}” was assumed',
  },
  'host-assumed': {
    fr: 'entrées sans organisme : {entries} ; « {host} » a été pris',
    en: 'entries without a host organisation: {entries}; “{host}” was taken',
  },
  'html-removed': {
    fr: 'textes avec du HTML : {texts} ; il a été retiré',
    en: 'texts with HTML: {texts}; it was removed',
  },
  'text-shortened': {
    fr: 'textes trop longs : {texts} ; ils ont été coupés',
    en: 'texts that are too long: {texts}; they were cut',
  },
  'event-title-missing': { fr: 'quel est le nom de l’événement ?', en: 'what is the name of the event?' },
  'event-slug-missing': { fr: 'quelle est l’adresse de l’événement ?', en: 'what is the address of the event?' },
  'event-longer': {
    fr: 'des entrées sont en dehors de l’événement, qui est prolongé : du {startsAt} au {endsAt}',
    en: 'entries lie outside the event, which is made longer: {startsAt} to {endsAt}',
  },
  'in-the-past': { fr: 'toutes les entrées sont passées', en: 'every entry is in the past' },
} as const satisfies Record<string, Words>;
export type FindingCode = keyof typeof findingTexts;
