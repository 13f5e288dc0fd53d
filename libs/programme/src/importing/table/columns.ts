import { fold } from '#text';
import type { Column } from '../imported.ts';

/** What a column of a table may say of an entry. */
const columnFields = [
  'id',
  'code',
  'day',
  'start',
  'end',
  'minutes',
  'room',
  'title',
  'summary',
  'speakers',
  'hosts',
  'seats',
  'language',
  'kind',
  'keywords',
  'audience',
  'takeaways',
] as const;
export type ColumnField = (typeof columnFields)[number];

/** The field of each column, in their order; `null`: the column is not read. */
export type Mapping = (ColumnField | null)[];

/** Headings in French, English, Spanish, Portuguese, German and Arabic, as they are folded. */
const HEADINGS: Record<ColumnField, string> = {
  id: 'id, identifiant, guid, uuid, uid, identifier, identificador, kennung, معرف',
  code: 'code, numero, n, no, nr, num, number, nummer, ref, reference, referencia, codigo, رقم, رمز',
  day: 'jour, date, journee, day, dia, fecha, data, tag, datum, يوم, اليوم, تاريخ, التاريخ',
  start:
    'debut, heure, horaire, heure de debut, heure debut, commence, de, start, starts, begin, start time, starttime, from, time, inicio, hora, hora de inicio, hora inicio, comeco, desde, beginn, anfang, uhrzeit, startzeit, von, بدايه, البدايه, وقت البدايه, الوقت',
  end: 'fin, heure de fin, heure fin, jusqu a, a, end, ends, end time, endtime, until, to, fim, termino, hora de fin, hora fin, hora de termino, hasta, ate, ende, endzeit, bis, نهايه, النهايه, وقت النهايه',
  minutes: 'duree, duree min, duration, minutes, length, duracion, duracao, dauer, مده, المده',
  room: 'salle, lieu, espace, emplacement, room, location, venue, place, sala, lugar, local, espacio, raum, saal, ort, قاعه, القاعه, مكان, المكان',
  title:
    'titre, intitule, titre de l atelier, titre de la session, sujet, theme, atelier, session, title, name, topic, subject, titulo, tema, nombre, titel, thema, bezeichnung, عنوان, العنوان',
  summary:
    'resume, description, presentation, contenu, descriptif, abstract, summary, resumen, descripcion, descricao, resumo, beschreibung, zusammenfassung, inhalt, وصف, الوصف, ملخص',
  speakers:
    'intervenant, intervenants, intervenant s, intervenante, intervenantes, intervenant e s, orateur, orateurs, conferencier, conferenciers, animateur, animateurs, speaker, speakers, speaker s, presenter, presenters, ponente, ponentes, orador, oradores, palestrante, palestrantes, referent, referenten, referentin, sprecher, vortragende, متحدث, المتحدث, المتحدثون, المتحدثين',
  hosts:
    'organisme, organisation, organisateur, structure, porteur, porteurs, partenaire, partenaires, host, hosts, organization, organiser, organizer, partner, organizacion, organizador, entidad, entidade, organizacao, veranstalter, trager, traeger, منظمه, المنظمه, الجهه',
  seats:
    'places, place s, nombre de places, nb places, nb de places, capacite, jauge, effectif, seats, capacity, number of seats, max, plazas, capacidad, aforo, cupo, lugares, vagas, capacidade, platze, plaetze, kapazitat, kapazitaet, teilnehmerzahl, مقاعد, المقاعد, عدد المقاعد, السعه',
  language: 'langue, langues, language, lang, idioma, lengua, lingua, sprache, لغه, اللغه',
  kind: 'type, format, nature, kind, tipo, formato, art, نوع, النوع',
  keywords:
    'mots cles, mots clefs, mot cle, themes, thematique, thematiques, tags, keywords, track, palabras clave, etiquetas, palavras chave, schlagworte, schlagworter, stichworte, stichworter, كلمات مفتاحيه',
  audience:
    'public, publics, public vise, pour qui, audience, target audience, publico, publico objetivo, publico alvo, destinatarios, zielgruppe, publikum, جمهور, الجمهور',
  takeaways: 'objectifs, objectif, objectives, goals, takeaways, objetivos, ziele, lernziele, اهداف, الاهداف',
};

const FIELDS = new Map<string, ColumnField>(
  columnFields.flatMap((field) => HEADINGS[field].split(', ').map((heading) => [heading, field] as const)),
);

/** A heading in the form in which headings are compared and remembered. */
export function foldHeading(heading: string): string {
  return fold(heading)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The field that a heading names in one of six languages; undefined for a heading that is not known. */
export function guessField(heading: string): ColumnField | undefined {
  const plain = foldHeading(heading);
  // “Titre (max. 100)”, “Places *”: what stands in brackets explains.
  return FIELDS.get(plain) ?? FIELDS.get(foldHeading(heading.replace(/\(.*?\)/g, ' ')));
}

/** The fields of columns by their headings, or as `remembered` by heading. A field belongs to one column, the first that names it. */
export function guessMapping(columns: Column[], remembered: Map<string, ColumnField | null> = new Map()): Mapping {
  const taken = new Set<ColumnField>();
  return columns.map(({ heading }) => {
    const known = remembered.get(foldHeading(heading));
    const field = heading === '' ? undefined : known === undefined ? guessField(heading) : (known ?? undefined);
    if (field === undefined || taken.has(field)) return null;
    taken.add(field);
    return field;
  });
}
