import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openIdentity } from '#identity';
import { type Database, PROJECT_ROOT } from '#platform';
import { demonstrationProgramme, loadProgramme, openProgramme } from '#programme';

/** The programme of the demonstration. */
const PROGRAMME_FILE = path.join(PROJECT_ROOT, 'prisma/programme/raict-2024.json');
const LINK_TTL_HOURS = 7 * 24;

/**
 * Loads the programme of the RAICT 2024 meetings, on the two days from tomorrow, unless it is loaded already. Returns the id of the event.
 */
export async function loadDemonstration(database: Database): Promise<string> {
  const document = JSON.parse(await readFile(PROGRAMME_FILE, 'utf8'));
  const there = await openProgramme({ database }).eventBySlug(document.event.slug);
  if (there) return there.id;
  return (await loadProgramme(database, demonstrationProgramme(document, new Date()))).eventId;
}

/**
 * Makes a sign-in link for an organiser of the event and one for a host of all its rooms, valid for a week. Does not grant a revoked role
 * again.
 */
export async function demonstrationLinks(options: {
  database: Database;
  secret: string;
  publicUrl: string;
  eventId: string;
}): Promise<{ organiser: string; host: string }> {
  const { database, eventId } = options;
  const people = openIdentity(options);
  const link = async (email: string, name: string, next: string) => {
    const made = await people.createSignInLink(email, { ttlHours: LINK_TTL_HOURS, next, name });
    const person = await people.attendeeOf(email);
    if (!person) throw new Error(`${email} does not exist`);
    return { made, attendeeId: person.attendeeId };
  };
  const organiser = await link('organisatrice@comptoir.localhost', 'Organisatrice', '/organiser');
  await people.grantRoleOnce(organiser.attendeeId, { role: 'organiser', eventId });
  const host = await link('hote@comptoir.localhost', 'Hôte de salle', '/host');
  for (const room of await openProgramme({ database }).rooms(eventId)) {
    await people.grantRoleOnce(host.attendeeId, { role: 'host', eventId, roomId: room.id });
  }
  return { organiser: organiser.made, host: host.made };
}
