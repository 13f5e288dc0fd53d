import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { MigrationError, migrate } from './migrate.ts';
import { readSqlFiles, type SqlFile } from './sql-files.ts';

let testDatabase: TestDatabase;
let url: string;
let client: pg.Client;
let ours: SqlFile[];

beforeAll(async () => {
  ours = await readSqlFiles();
});

beforeEach(async () => {
  if (client) await leave();
  testDatabase = await createTestDatabase();
  url = testDatabase.url;
  client = new pg.Client({ connectionString: url });
  await client.connect();
});

async function leave() {
  await client.end();
  await testDatabase.drop();
}

afterAll(leave);

/** Migrates the database to the files of this build and these files. */
const withFiles = (...files: SqlFile[]) => migrate(url, { files: [...ours, ...files] });
const file = (sql: string, called = 'answer'): SqlFile => ({ name: called, sql });
const answers = (result: string, parameters = '') =>
  file(`create or replace function answer(${parameters}) returns integer language sql as $$ select ${result} $$;`);

const functionsCalled = async (called: string): Promise<string[]> => {
  const { rows } = await client.query(
    'select oid::regprocedure::text as signature from pg_proc where proname = $1 order by 1',
    [called],
  );
  return rows.map(({ signature }) => signature);
};
const answered = async (text: string) => (await client.query(text)).rows[0].answer;

describe('an SQL file', () => {
  it('is applied once, and again after it changed', async () => {
    expect((await withFiles(answers('1'))).functions).toEqual(['answer']);
    expect((await withFiles(answers('1'))).functions).toEqual([]);
    expect(await answered('select answer()')).toBe(1);
    expect((await withFiles(answers('2'))).functions).toEqual(['answer']);
    expect(await answered('select answer()')).toBe(2);
  });

  it('drops its function when the file is deleted', async () => {
    await withFiles(answers('1'));
    await withFiles();
    expect(await functionsCalled('answer')).toEqual([]);
  });

  it('drops functions that it no longer creates when the parameters change', async () => {
    await withFiles(answers('1'));
    await withFiles(answers('p_number', 'p_number integer'));
    expect(await functionsCalled('answer')).toEqual(['answer(integer)']);
  });

  it('replaces functions and views that Postgres cannot replace: another parameter name, result or column', async () => {
    await withFiles(answers('number', 'number integer'));
    await withFiles(answers('p_number', 'p_number integer'));
    expect(await answered('select answer(p_number => 3)')).toBe(3);
    await withFiles(
      file(`create or replace function answer(p_number integer) returns text language sql as $$ select 'a' $$;`),
    );
    expect(await answered('select answer(3)')).toBe('a');
    await withFiles(file('create or replace view answers as select 1 as one, 2 as answer;', 'answers'));
    await withFiles(file('create or replace view answers as select 5 as answer;', 'answers'));
    expect(await answered('select answer from answers')).toBe(5);
    await withFiles();
    await expect(client.query('select from answers')).rejects.toMatchObject({ code: '42P01' });
  });

  it('creates the triggers of its function again, and drops triggers that it no longer contains', async () => {
    await client.query('create table thing (number integer)');
    const body =
      'create or replace function thing_made() returns trigger language plpgsql as $$ begin return new; end $$;';
    const trigger = (called: string) =>
      `create trigger ${called} before insert on thing for each row execute function thing_made();`;
    await withFiles(file(`${body} ${trigger('one')} ${trigger('two')}`, 'thing_made'));
    await withFiles(file(`${body} ${trigger('two')} ${trigger('three')}`, 'thing_made'));
    const triggers = `select array_agg(tgname::text order by tgname) as answer from pg_trigger where tgrelid = 'thing'::regclass`;
    expect(await answered(triggers)).toEqual(['three', 'two']);
    await withFiles();
    expect(await answered(triggers)).toBeNull();
  });

  it('may call a function of a later file', async () => {
    const caller = file('create or replace function answer() returns integer language sql as $$ select zeta() $$;');
    await withFiles(
      caller,
      file('create or replace function zeta() returns integer language sql as $$ select 7 $$;', 'zeta'),
    );
    expect(await answered('select answer()')).toBe(7);
  });

  it('with an error is refused by name, and no file is applied', async () => {
    await withFiles(answers('1'));
    for (const wrong of ['select no_such_function()', 'select 1 from no_such_table', 'selct 1']) {
      const broken = file(
        `create or replace function broken() returns integer language sql as $$ ${wrong} $$;`,
        'broken',
      );
      await expect(withFiles(answers('2'), broken)).rejects.toThrow(/broken/);
      await expect(withFiles(answers('2'), broken)).rejects.toThrow(MigrationError);
    }
    await expect(withFiles(file('select 1;', 'nothing'))).rejects.toThrow(/nothing\.sql creates no function or view/);
    expect(await answered('select answer()')).toBe(1);
  });

  it('waits for a transaction of the running service, and lets other statements run in the meantime', async () => {
    await client.query('begin');
    await client.query('lock table registration in row exclusive mode');
    const trigger = ours.find((each) => each.name === 'registration_made') as SqlFile;
    const changed = ours.map((each) => (each === trigger ? { ...each, sql: `${each.sql}\n-- changed` } : each));
    const migrating = migrate(url, { files: changed });
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      const waits = `select count(*)::integer as answer from pg_stat_activity where datname = $1 and application_name = 'comptoir-migrate' and wait_event_type = 'Lock'`;
      while ((await other.query(waits, [new URL(url).pathname.slice(1)])).rows[0].answer === 0);
      // This statement waits behind the migration until the migration stops waiting.
      await other.query('select 1 from registration');
      await client.query('commit');
      expect((await migrating).functions).toEqual(['registration_made']);
    } finally {
      await other.end();
    }
  });
});

describe('a migration', () => {
  it('that this build does not know is refused, because the database belongs to another build', async () => {
    await client.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name) values ('x', 'x', now(), '20261124000100_programme')`,
    );
    await expect(migrate(url)).rejects.toThrow(/20261124000100_programme.*this database is of another build/);
  });

  it('that was changed after it was applied is refused for the same reason', async () => {
    await client.query(`update _prisma_migrations set checksum = 'x' where migration_name like '%_baseline'`);
    await expect(migrate(url)).rejects.toThrow(/_baseline was changed.*another build/);
  });

  it('that did not finish is reported', async () => {
    await client.query(`update _prisma_migrations set finished_at = null where migration_name like '%_baseline'`);
    await expect(migrate(url)).rejects.toThrow(/_baseline did not finish/);
  });
});

describe('the files of this build', () => {
  it('create each function, trigger and view of a migrated database, and each has its own name', async () => {
    const { rows } = await client.query<{ name: string }>(
      `select proname::text as name from pg_proc where pronamespace = 'public'::regnamespace
       union all select viewname from pg_views where schemaname = 'public'`,
    );
    expect(rows.map((row) => row.name).sort()).toEqual(ours.map((each) => each.name).sort());
  });
});
