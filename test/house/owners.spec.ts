import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { readPrismaSchema } from './prisma-schema.ts';
import { type Access, isSql, type Models, prismaAccess, sqlAccess, textsOf } from './table-access.ts';

/** The lib that owns each table: only this lib reads and writes it. */
const OWNERS: Record<string, string[]> = {
  programme: ['organisation', 'event', 'room', 'cafe', 'programme_load', 'programme_import', 'import_column'],
  seats: [
    'attendee_day',
    'cafe_minutes',
    'cafe_seats',
    'check_in',
    'delegation',
    'guest_outcome',
    'mailbox_hold',
    'pending_change',
    'registration',
    'room_slot',
    'seat_event',
    'seat_event_made',
    'typed_name',
  ],
  'audit-log': ['audit_log', 'role_change'],
  identity: [
    'attendee',
    'code_tries',
    'idempotency_key',
    'role_grant',
    'session_revocation',
    'sign_in_challenge',
    'sign_in_mails',
  ],
  notifications: [
    'email_delivery',
    'event_mail_count',
    'installation',
    'mail_budget',
    'mail_recipient',
    'outbox',
    'outbox_batch',
    'scheduled_mail',
    'sent_mail_count',
  ],
};

const OUTBOX = 'the statement that causes a message also writes it, so that both are committed or none (docs/adr/0002)';
const TIMES =
  'claims, moves and waitlists depend on times and rooms, and are decided in the statement that locks them (docs/adr/0008)';

/** The uses of tables of another lib, each with the reason. Calls of the owner's functions need none. */
const EXCEPTIONS: Record<string, string> = {
  'identity writes outbox': OUTBOX,
  'seats writes outbox': OUTBOX,
  'seats writes outbox_batch': OUTBOX,
  'notifications reads event':
    'the counts of messages about an event are deleted by the statement that deletes the event',
  'seats reads cafe': TIMES,
  'seats reads event': TIMES,
  'seats reads room': TIMES,
  'seats writes cafe': 'a move changes the times of a Café and the overlapping registrations in one commit',
  'seats writes scheduled_mail':
    'a move deletes the record of the host list in its commit, so that the hosts get the list again',
  'seats reads attendee':
    'each batch checks once whether the attendees exist and their addresses are proved (docs/adr/0005)',
};

/** Files of apps with SQL, each with the reason. */
const APPS_WITH_SQL: Record<string, string> = {};

const tables = readPrismaSchema();
const ownerOf = new Map(Object.entries(OWNERS).flatMap(([lib, owned]) => owned.map((table) => [table, lib])));
const isTable = (name: string) => ownerOf.has(name);
const models: Models = new Map(
  tables.map(({ model, table, fields }) => [
    delegateName(model),
    {
      table,
      relations: new Map([...fields].flatMap(([name, to]) => ('model' in to ? [[name, delegateName(to.model)]] : []))),
    },
  ]),
);

function delegateName(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1);
}

/** The files under a folder with one of these endings, without generated ones and specs. */
function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => ending.test(file) && !/\.spec\.tsx?$|[/\\](generated|node_modules)[/\\]/.test(file));
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2024, true);
}

/** Every use of a table by a lib: in its SQL functions, its statements and its calls of Prisma. */
function accessOf(lib: string): (Access & { file: string })[] {
  const folder = `libs/${lib}`;
  const functions = filesUnder(folder, /\.sql$/).map((file) => ({
    file,
    accesses: sqlAccess(readFileSync(file, 'utf8'), isTable),
  }));
  const programs = filesUnder(folder, /\.tsx?$/).map((file) => {
    const source = parse(file);
    const statements = textsOf(source).filter(isSql);
    return {
      file,
      accesses: [...statements.flatMap((text) => sqlAccess(text, isTable)), ...prismaAccess(source, models)],
    };
  });
  return [...functions, ...programs].flatMap(({ file, accesses }) => accesses.map((access) => ({ ...access, file })));
}

describe('a table', () => {
  it('has one owner', () => {
    expect([...ownerOf.keys()].sort()).toEqual(tables.map(({ table }) => table).sort());
  });

  it('is read and written only by its owner', () => {
    const foreign = new Map<string, Set<string>>();
    for (const lib of readdirSync('libs')) {
      for (const { how, table, file } of accessOf(lib)) {
        if (ownerOf.get(table) === lib) continue;
        const use = `${lib} ${how} ${table}`;
        foreign.set(use, (foreign.get(use) ?? new Set()).add(file));
      }
    }
    const broken = [...foreign]
      .filter(([use]) => !(use in EXCEPTIONS))
      .map(([use, files]) => `${use}: ${[...files].join(', ')}`);
    expect(broken.sort()).toEqual([]);
    expect(Object.keys(EXCEPTIONS).filter((use) => !foreign.has(use))).toEqual([]);
  });

  it('is used by no app: apps hold no SQL and call no table of Prisma', () => {
    const broken = readdirSync('apps')
      .flatMap((app) => filesUnder(`apps/${app}`, /\.tsx?$/))
      .filter((file) => {
        const source = parse(file);
        return (
          textsOf(source).some((text) => isSql(text) && sqlAccess(text, () => true).length > 0) ||
          prismaAccess(source, models).length > 0
        );
      });
    expect(broken).toEqual(Object.keys(APPS_WITH_SQL));
  });
});

describe('the reader of SQL', () => {
  const seen = (text: string) => sqlAccess(text, isTable).map(({ how, table }) => `${how} ${table}`);

  it.each([
    [
      'select * from room r, only cafe c left join event e on true where x in (select 1 from outbox)',
      ['reads room', 'reads cafe', 'reads event', 'reads outbox'],
    ],
    [
      'with cafe as (select 1), made (id) as materialized (insert into room values (1) returning id) select from cafe, made',
      ['writes room'],
    ],
    ['delete from outbox o using event e where o.id = e.id', ['writes outbox', 'reads event']],
    ['update room set capacity = 1 where id = (select id from cafe for update)', ['writes room', 'reads cafe']],
    ['insert into event (id) values (1) on conflict (id) do update set slug = excluded.slug', ['writes event']],
    ['lock table registration in share mode; truncate attendee', ['writes registration', 'writes attendee']],
    ['select extract(epoch from starts_at), a is distinct from cafe.id from unnest($1) room', []],
    [`select 'from room' -- from cafe\n /* from event */ from outbox`, ['reads outbox']],
    ['create trigger x after insert or update of a, b on cafe for each row execute function f()', ['reads cafe']],
    ['select * from a join lateral (select * from b, room) c on true, event', ['reads room', 'reads event']],
  ])('finds the tables of: %s', (text, expected) => {
    expect(seen(text)).toEqual(expected);
  });

  it('finds the tables of Prisma calls, also behind relations and other names', () => {
    const source = ts.createSourceFile(
      'x.ts',
      `const { roleGrant, event: conference } = this.#prisma;
       roleGrant.findMany({ include: { attendee: { select: { delegations: true } } }, where: { event: { slug } } });
       class X { #room = database.prisma.room; f() { this.#room.update({ data: { name: 1 } }); } }`,
      ts.ScriptTarget.ES2024,
      true,
    );
    expect([...new Set(prismaAccess(source, models).map(({ how, table }) => `${how} ${table}`))].sort()).toEqual(
      ['reads attendee', 'reads delegation', 'reads event', 'reads role_grant', 'reads room', 'writes room'].sort(),
    );
  });
});
