import { parseArgs } from 'node:util';
import { AuditLog } from '#audit-log';
import { Email, type Role } from '#contract';
import { Attendees, Challenges, Roles, SignInMails } from '#identity';
import { MAIL_IS_OFF, openMailSwitch, type WaitingMessages } from '#notifications';
import { ConfigurationError, type Database, MigrationError, openDatabase, withSecrets } from '#platform';
import { Programme } from '#programme';
import { type Installation, openInstallation } from './installation.ts';
import { StartError } from './ports.ts';

const USAGE =
  'Usage: npm run comptoir -- people grant|revoke|list|link [EMAIL] --event SLUG [--room CODE], or owner add|remove|list [EMAIL], or mail status|on [--drop]';
const LINK_TTL_HOURS = 24;

/** An error that the user can correct. The command prints its message, one line, and ends with exit code 1. */
class CommandError extends Error {}

interface PeopleCommand {
  verb: 'grant' | 'revoke' | 'list' | 'link';
  email?: string;
  slug: string;
  roomCode?: string;
}

/** @throws CommandError */
function commandOf(args: string[]): PeopleCommand {
  const { positionals, values } = parsed(args);
  const [subject, verb, typed, ...rest] = positionals;
  const { event: slug, room: roomCode } = values;
  const isVerb = (text = ''): text is PeopleCommand['verb'] => ['grant', 'revoke', 'list', 'link'].includes(text);
  if (subject !== 'people' || !isVerb(verb) || !slug || rest.length > 0) throw new CommandError(USAGE);
  if (typed === undefined && verb !== 'list') throw new CommandError(USAGE);
  if (typed === undefined) return { verb, slug, roomCode };
  const email = Email.safeParse(typed);
  if (!email.success) throw new CommandError(`This is not an e-mail address: ${printable(typed)}`);
  return { verb, email: email.data, slug, roomCode };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { event: { type: 'string' }, room: { type: 'string' } },
    });
  } catch {
    throw new CommandError(USAGE);
  }
}

/** Text that the user typed, on one line. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}');
}

/** The classes of libs/identity that commands use. */
interface People {
  attendees: Attendees;
  roles: Roles;
  mails: SignInMails;
}

/** The target of a command: an event, the codes of its rooms, and the role in its options. */
interface Scope {
  event: { id: string; slug: string };
  codes: Map<string, string>;
  role: Role;
}

/** @throws CommandError when the event or the room does not exist */
async function scopeOf(database: Database, { slug, roomCode }: PeopleCommand): Promise<Scope> {
  const programme = new Programme(database);
  const event = await programme.event({ slug });
  if (!event) throw new CommandError(`There is no event ${printable(slug)}.`);
  const rooms = (await programme.programmeOf(event.id))?.rooms ?? [];
  const codes = new Map(rooms.map(({ id, code }) => [id, code]));
  if (roomCode === undefined) return { event, codes, role: { role: 'organiser', eventId: event.id } };
  const roomId = [...codes].find(([, code]) => code === roomCode)?.[0];
  if (!roomId) throw new CommandError(`There is no room ${printable(roomCode)} in ${event.slug}.`);
  return { event, codes, role: { role: 'host', eventId: event.id, roomId } };
}

/** Formats a role: `lea@example.org host raict-2024 salle-1`. */
function line(email: string, role: Role, { event, codes }: Scope): string {
  return [email, role.role, event.slug, ...(role.role === 'host' ? [codes.get(role.roomId)] : [])].join(' ');
}

/** Runs the command. @returns the lines to print, one for each role */
async function run(command: PeopleCommand, { attendees, roles, mails }: People, scope: Scope): Promise<string[]> {
  const { verb, email = '', roomCode } = command;
  const { role, event } = scope;
  switch (verb) {
    case 'grant':
      await roles.grant(await attendees.ensureByEmail(email), role);
      return [line(email, role, scope)];
    case 'revoke': {
      const attendee = await attendees.findByEmail(email);
      const had = attendee !== undefined && (await roles.revoke(attendee.attendeeId, role));
      return [`${line(email, role, scope)} ${had ? 'revoked' : 'was not granted'}`];
    }
    case 'list':
      return (await roles.in(event.id))
        .filter((holder) => !email || holder.email === email)
        .filter((holder) => roomCode === undefined || sameRole(holder.role, role))
        .map((holder) => line(holder.email, holder.role, scope));
    case 'link': {
      const theirs = (await roles.in(event.id)).filter((holder) => holder.email === email);
      const next = nextPage(
        theirs.map(({ role }) => role),
        event.slug,
      );
      return [await mails.createOperatorLink(email, { ttlHours: LINK_TTL_HOURS, next })];
    }
  }
}

function sameRole(one: Role, other: Role): boolean {
  return one.role === 'host' && other.role === 'host' && one.roomId === other.roomId;
}

/** The first page for a person with these roles in an event. */
function nextPage(roles: Role[], slug: string): string {
  if (roles.some(({ role }) => role === 'organiser')) return `/organiser?event=${slug}`;
  return roles.length > 0 ? '/host' : `/events/${slug}`;
}

/** Returns the secret of the installation, for the sign-in link. Other commands need no secret. @throws CommandError */
function secretFor({ verb }: PeopleCommand, { secret }: Installation): string {
  if (verb === 'link' && !secret) throw new CommandError('Set APP_SECRET to the secret of the installation.');
  return secret ?? '';
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args[0] === 'mail') return mail(mailCommandOf(args.slice(1)));
  if (args[0] === 'owner') return owner(ownerCommandOf(args.slice(1)));
  const command = commandOf(args);
  const installation = await openInstallation(process.env);
  const { databaseUrl, publicUrl } = installation;
  const database = openDatabase({ url: databaseUrl, connectionsMax: 1, applicationName: 'comptoir-command' });
  try {
    const roles = new Roles(database, new AuditLog(database));
    const attendees = new Attendees(database, roles);
    const challenges = new Challenges(database, { APP_SECRET: secretFor(command, installation) });
    const mails = new SignInMails(attendees, challenges, { PUBLIC_URL: publicUrl });
    const lines = await run(command, { attendees, roles, mails }, await scopeOf(database, command));
    for (const each of lines) console.log(each);
  } finally {
    await database.close();
    await installation.close();
  }
}

interface OwnerCommand {
  verb: 'add' | 'remove' | 'list';
  email: string;
}

/** @throws CommandError */
function ownerCommandOf(args: string[]): OwnerCommand {
  const [verb, typed, ...rest] = args;
  if (verb === 'list' && args.length === 1) return { verb, email: '' };
  if ((verb !== 'add' && verb !== 'remove') || typed === undefined || rest.length > 0) throw new CommandError(USAGE);
  const email = Email.safeParse(typed);
  if (!email.success) throw new CommandError(`This is not an e-mail address: ${printable(typed)}`);
  return { verb, email: email.data };
}

/** Adds, removes or lists the owners of the installation, one line for each. */
async function owner({ verb, email }: OwnerCommand): Promise<void> {
  const installation = await openInstallation(process.env);
  const database = openDatabase({
    url: installation.databaseUrl,
    connectionsMax: 1,
    applicationName: 'comptoir-command',
  });
  try {
    const roles = new Roles(database, new AuditLog(database));
    const attendees = new Attendees(database, roles);
    if (verb === 'list') for (const each of await roles.owners()) console.log(`${each} owner`);
    if (verb === 'add') {
      await roles.grantOwner(await attendees.ensureByEmail(email));
      console.log(`${email} owner`);
    }
    if (verb === 'remove') {
      const attendee = await attendees.findByEmail(email);
      const had = attendee !== undefined && (await roles.revokeOwner(attendee.attendeeId));
      console.log(`${email} owner ${had ? 'removed' : 'was not granted'}`);
    }
  } finally {
    await database.close();
    await installation.close();
  }
}

interface MailCommand {
  verb: 'status' | 'on';
  /** Whether the waiting messages are deleted instead of sent. */
  drop: boolean;
}

/** @throws CommandError */
function mailCommandOf(args: string[]): MailCommand {
  const [verb, ...options] = args;
  const drop = options.length === 1 && options[0] === '--drop';
  if ((verb !== 'status' && verb !== 'on') || (options.length > 0 && !(drop && verb === 'on')))
    throw new CommandError(USAGE);
  return { verb, drop };
}

/** A sentence with the number of waiting or deleted messages. */
function waitingLine({ messages, since }: WaitingMessages, dropped: boolean): string {
  if (messages === 0) return 'Nothing is owed.';
  const [subject, be] = messages === 1 ? ['1 message', ['is', 'was']] : [`${messages} messages`, ['are', 'were']];
  return `${subject} ${dropped ? `${be[1]} deleted unsent` : `${be[0]} owed`}, the oldest since ${since}.`;
}

/**
 * Prints whether this installation sends mail, or confirms that it does (docs/adr/0034).
 * @throws CommandError without the host name of the installation, because the command would confirm another place than that of its workers
 */
async function mail({ verb, drop }: MailCommand): Promise<void> {
  const { DATABASE_URL, PUBLIC_URL } = withSecrets(process.env);
  if (DATABASE_URL && !PUBLIC_URL) {
    throw new CommandError('Set PUBLIC_URL, and INSTALLATION where it is used, as the worker has them.');
  }
  const installation = await openInstallation(process.env);
  const { databaseUrl, place } = installation;
  const database = openDatabase({ url: databaseUrl, connectionsMax: 1, applicationName: 'comptoir-command' });
  try {
    const mailSwitch = openMailSwitch({ database, place });
    const waiting = await mailSwitch.waiting();
    if (verb === 'on') await mailSwitch.confirm({ drop });
    const reason = await mailSwitch.read({ confirmsFirst: false });
    console.log(
      reason ? `Mail is off: ${reason === 'unknown' ? 'no worker ran yet' : MAIL_IS_OFF[reason]}.` : 'Mail is on.',
    );
    console.log(waitingLine(waiting, drop));
  } finally {
    await database.close();
    await installation.close();
  }
}

main().catch((error: Error & { code?: string }) => {
  const ours = [CommandError, StartError, MigrationError, ConfigurationError].some((kind) => error instanceof kind);
  console.error(ours ? error.message : `The database cannot be used: ${printable(error.message || error.code || '')}`);
  process.exitCode = 1;
});
