import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AuditLog } from '#audit-log';
import { Attendees, Challenges, Roles, SignInMails } from '#identity';
import { type Database, PROJECT_ROOT } from '#platform';
import { demonstrationProgramme, loadProgramme, Programme } from '#programme';

/** The programme of the demonstration. */
const PROGRAMME_FILE = path.join(PROJECT_ROOT, 'prisma/programme/raict-2024.json');
const LINK_TTL_HOURS = 7 * 24;

/**
 * Loads the programme of the RAICT 2024 meetings, on the two days from tomorrow, unless it is already loaded. Returns the id of the event.
 */
export async function loadDemonstration(database: Database): Promise<string> {
  const document = JSON.parse(await readFile(PROGRAMME_FILE, 'utf8'));
  const there = await new Programme(database).event({ slug: document.event.slug });
  if (there) return there.id;
  return (await loadProgramme(database, demonstrationProgramme(document, new Date()))).eventId;
}

/**
 * Creates a sign-in link for an organiser of the event and one for a host of all its rooms, valid for a week. Does not grant a revoked role
 * again.
 */
export async function demonstrationLinks(options: {
  database: Database;
  secret: string;
  publicUrl: string;
  eventId: string;
}): Promise<{ organiser: string; host: string }> {
  const { database, secret, publicUrl, eventId } = options;
  const roles = new Roles(database, new AuditLog(database));
  const attendees = new Attendees(database, roles);
  const challenges = new Challenges(database, { APP_SECRET: secret });
  const mails = new SignInMails(attendees, challenges, { PUBLIC_URL: publicUrl });
  const link = async (email: string, name: string, next: string) => {
    const made = await mails.createOperatorLink(email, { ttlHours: LINK_TTL_HOURS, next, name });
    const attendee = await attendees.findByEmail(email);
    if (!attendee) throw new Error(`there is no attendee ${email}`);
    return { made, attendeeId: attendee.attendeeId };
  };
  const organiser = await link('organisatrice@comptoir.localhost', 'Organisatrice', '/organiser');
  await roles.grantOnce(organiser.attendeeId, { role: 'organiser', eventId });
  const host = await link('hote@comptoir.localhost', 'Hôte de salle', '/host');
  for (const room of (await new Programme(database).programmeOf(eventId))?.rooms ?? []) {
    await roles.grantOnce(host.attendeeId, { role: 'host', eventId, roomId: room.id });
  }
  return { organiser: organiser.made, host: host.made };
}
