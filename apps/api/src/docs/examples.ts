import type { Json } from './json-schema.ts';

const ID = '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d01';
const START = '2027-03-18T13:30:00.000Z';
const END = '2027-03-18T14:15:00.000Z';
const EARLIER = '2027-03-02T09:12:41.000Z';

/** The example values of the members of the contract, by name. They are written by hand and describe one person, Awa Diallo, at one event. */
const values: Record<string, unknown> = {
  id: ID,
  cafeId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d02',
  eventId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d03',
  roomId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d04',
  attendeeId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d05',
  registrationId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d06',
  registrationIds: ['0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d06'],
  challengeId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d07',
  email: 'awa.diallo@example.org',
  name: 'Awa Diallo',
  organisation: 'Ville de Bagnolet',
  locale: 'fr',
  locales: ['fr', 'en'],
  defaultLocale: 'fr',
  slug: 'raict-2027',
  title: 'Financer un projet de coopération',
  summary: 'Trois collectivités montrent comment elles ont trouvé leurs partenaires.',
  code: 'cafe-1',
  kind: 'cafe',
  state: 'open',
  status: 'confirmed',
  language: 'fr',
  timeZone: 'Europe/Paris',
  role: 'organiser',
  startsAt: START,
  endsAt: END,
  createdAt: EARLIER,
  at: EARLIER,
  expiresAt: '2027-03-02T09:42:41.000Z',
  proveBy: '2027-03-02T09:42:41.000Z',
  clientId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d0a',
  device: 'Tablette de la salle Étoile 3',
  scannedAt: '2027-03-18T13:28:04.000Z',
  checkedInAt: '2027-03-18T13:28:05.000Z',
  capacity: 20,
  taken: 12,
  free: 8,
  waitlisted: 0,
  present: 11,
  expected: 12,
  version: 48,
  minutes: 15,
  token: 'kQ3mUe5cWb0VtJ7xYz1aRg',
  claimToken: 'kQ3mUe5cWb0VtJ7xYz1aRg',
  ticket: 'C1.AZLzoXxOfSGbYD9aHgyNBg.kQ3mUe5cWb0VtJ7xYz1aRg',
  reason: '550 5.1.1 no such mailbox',
  attempts: 1,
  gatewayUrl: 'https://cafes.example.org',
  url: 'https://cafes.example.org/registrations/0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d06',
  hosts: ['Cités Unies France'],
  audience: ['Élus'],
  keywords: ['financement'],
  cafeIds: ['0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d02'],
  closingId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d08',
  otherCafeId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d09',
  claimTokens: ['kQ3mUe5cWb0VtJ7xYz1aRg'],
  emails: ['moussa.traore@example.org'],
  eventTitle: 'Rencontres de l’action internationale 2027',
  registeredBy: 'Léa Martin',
  exportedAt: EARLIER,
  validUntil: '2027-03-19T13:30:00.000Z',
  releasableFrom: '2027-03-18T13:40:00.000Z',
  what: 'confirmed',
  kid: '1',
  msLeft: 9_400,
  expectTaken: 12,
  people: 12,
  emailProvedAt: EARLIER,
  cause: 'claim',
  svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29">…</svg>',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  otherTitle: 'Former les élus',
  expectWaitlisted: 0,
  minute: EARLIER,
  waitlistNumber: 3,
  pdf: 'https://cafes.example.org/api/v1/registrations/0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d06/ticket.pdf',
  cafe: 'Financer un projet de coopération',
  excess: 2,
  count: 5,
  google: 'https://calendar.google.com/calendar/render?action=TEMPLATE',
  outlook: 'https://outlook.office.com/calendar/0/deeplink/compose',
  ics: '/api/v1/registrations/0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d06/calendar.ics',
  sent: 128,
  waiting: 2,
  failed: 1,
  takeaways: ['Une liste de bailleurs'],
  pair: 1,
  targetCapacity: 10,
  organisationId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d0c',
  subjectId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d02',
  publishedAt: EARLIER,
  position: 3,
  cafes: 12,
  startsOn: '2028-03-16',
  address: '9 rue Christiani, 75018 Paris',
  directions: 'Métro Château Rouge, sortie rue Poulet.',
  mapUrl: 'https://www.openstreetmap.org/#map=18/48.88782/2.35070',
  one: 'atelier',
  other: 'ateliers',
  accent: '#12406b',
  privacy: 'Vos données servent à votre inscription, et à rien d’autre.',
  legalNotice: 'Cités Unies France, 9 rue Christiani, 75018 Paris.',
  accessibility: 'La salle est accessible en fauteuil roulant.',
  contact: 'bonjour@example.org',
  replyTo: 'bonjour@example.org',
  unprovedSharePercent: 50,
  noShowGraceMinutes: 10,
  ids: ['0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d02'],
  drafts: ['0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d02'],
  label: 'Financer un projet de coopération',
  field: 'texts.fr.title',
  from: 'Financer un projet',
  to: 'Financer un projet de coopération',
  ends: 0,
  movesUp: 2,
  subject: 'Changement d’heure ou de salle : Financer un projet de coopération',
  text: 'Bonjour Awa, voici où et quand il a lieu désormais.',
  room: 'Salle Étoile 3',
  next: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d0b',
  changeId: '0192f3a1-7c4e-7d21-9b60-3f5a1e0c8d0b',
  fileName: 'programme.csv',
  message: '“tbd” is not a time',
  row: 5,
  column: 'Fin',
  path: 'entries.5.end',
  line: 12,
  page: 1,
  passage: 'tbd',
  about: 'Financer un projet de coopération',
  value: '11:00',
  choices: ['12:00', '00:00'],
  entry: '5',
  error: 1,
  doubt: 0,
  warning: 2,
  blocking: 1,
  heading: 'Fin',
  letters: 'C',
  examples: ['9h45', '11h15'],
  answers: '11:00',
  key: '5',
  day: '2027-03-18',
  speakers: 'Awa Diallo',
  entryCount: 24,
  added: 1,
  changed: 2,
  removed: 0,
  refused: 0,
};

/** The example values of members whose name has another meaning in other calls. The key is the full path of the member. */
const valuesAt: Record<string, unknown> = {
  'GET /events/{slug}/programme 200.missing.fields': ['summary'],
  'PATCH /cafes/{id} body.reason': 'La salle est prise par la séance plénière.',
  'POST /cafes/{id}/move body.reason': 'La salle est prise par la séance plénière.',
  'POST /cafes/{id}/no-shows body.reason': 'La liste d’attente est longue.',
  'POST /sign-in/verify body.code': '725741',
  'GET /events/{slug}/schedule.json 200.$schema': 'https://c3voc.de/schedule/schema.json',
  'GET /events/{slug}/schedule.json 200.schedule.version': '48',
};

/** Optional members that the examples leave out, because they belong to another state: a confirmed seat has no position in the waitlist. */
const optionalLeftOut = new Set([
  'waitlistPosition',
  'expiresAt',
  'proveBy',
  'claimToken',
  'targetCapacity',
  'closing',
  'noAddress',
]);

/** Thrown when a member of the contract has no example. The message names the member and this file. */
export class NoExample extends Error {
  constructor(path: string) {
    super(`${path} has no example: give it one in apps/api/src/docs/examples.ts`);
  }
}

/**
 * Returns the example of a JSON schema, with the values above. It contains optional members, except those in `optionalLeftOut`.
 * @param path the path of the schema, for the error message
 * @throws NoExample
 */
export function exampleOf(schema: Json, path: string): unknown {
  if ('const' in schema) return schema.const;
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (options?.[0]) return exampleOf(options[0], path);
  if (schema.type === 'object') return objectOf(schema, path);
  const known = valueAt(schema, path);
  if (known !== undefined) return known;
  if (schema.type === 'array') return [exampleOf((schema.items ?? {}) as Json, path)];
  if (schema.type === 'boolean') return true;
  if (schema.format === 'uuid') return ID;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  throw new NoExample(path);
}

function objectOf(schema: Json, path: string): Json {
  const { additionalProperties: values } = schema;
  // An object whose keys are language tags.
  if (typeof values === 'object' && values !== null && !schema.properties)
    return { fr: exampleOf(values as Json, path) };
  const required = new Set(schema.required as string[] | undefined);
  const members = Object.entries((schema.properties ?? {}) as Record<string, Json>).filter(
    ([name]) => required.has(name) || !optionalLeftOut.has(name),
  );
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, `${path}.${name}`)]));
}

/**
 * Returns the value for the path, or otherwise for the last name in it; undefined if the schema has another type. For an enum, returns one
 * of its options.
 */
function valueAt(schema: Json, path: string): unknown {
  const name = path.split('.').at(-1) as string;
  const value = valuesAt[path] ?? (Object.hasOwn(values, name) ? values[name] : undefined);
  if (Array.isArray(schema.enum)) return schema.enum.includes(value) ? value : schema.enum[0];
  const kind = Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value;
  return schema.type === undefined || [schema.type].flat().includes(kind) ? value : undefined;
}
