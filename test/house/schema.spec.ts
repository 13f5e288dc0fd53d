import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/index.ts';
import { readPrismaEnums, readPrismaSchema } from './prisma-schema.ts';

/**
 * Lines of the database that Prisma's schema language cannot express, each with the line of the schema. (Functions, triggers, check
 * constraints, comments and storage parameters are left out, because Prisma has no syntax for them.)
 */
const BEYOND_PRISMA: Record<string, { schema: string | undefined; reason: string }> = {
  'unique role_grant_once (attendee_id, role, event_id, room_id) nulls not distinct': {
    schema: 'unique role_grant_once (attendee_id, role, event_id, room_id)',
    reason: 'Prisma has no NULLS NOT DISTINCT; a role without a room must be granted once as well',
  },
  'foreign key cafe_seats_event_is_of_its_cafe (cafe_id, event_id) references cafe (id, event_id) on update cascade on delete cascade':
    {
      schema: undefined,
      reason: 'one relation has one reference in Prisma; this one keeps `event_id` that of the Café',
    },
};

/** Tables of tools, not of the product. */
const TOOLS = ['_prisma_migrations', '_sql_builds', '_sql_files'];

/** Every line of the catalog about the tables of the product: `column …`, `primary key …`, `unique …`, `index …`, `foreign key …`. */
const CATALOG = `
with tables as (
  select c.oid, c.relname as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1)
),
columns as (
  select t.name, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then '' else ' null' end
    || case
         when a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%' then ' default generated'
         when a.attgenerated <> '' then ' generated as ' || pg_get_expr(d.adbin, d.adrelid)
         else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
       end as line
  from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
),
indexes as (
  select t.name, case when i.indisprimary then 'primary key ' when i.indisunique then 'unique ' else 'index ' end || x.relname
    || case am.amname when 'btree' then '' else ' using ' || am.amname end
    || ' (' || (
      select string_agg(
        pg_get_indexdef(i.indexrelid, key::integer, true) || case when i.indoption[key - 1] & 1 = 1 then ' desc' else '' end,
        ', ' order by key
      ) from generate_series(1, i.indnkeyatts) key
    ) || ')'
    || case when i.indnatts > i.indnkeyatts then ' including more' else '' end
    || case when i.indnullsnotdistinct then ' nulls not distinct' else '' end
    || coalesce(' where ' || pg_get_expr(i.indpred, i.indrelid, true), '') as line
  from tables t join pg_index i on i.indrelid = t.oid join pg_class x on x.oid = i.indexrelid join pg_am am on am.oid = x.relam
),
actions (code, action) as (
  values ('a', 'no action'), ('r', 'restrict'), ('c', 'cascade'), ('n', 'set null'), ('d', 'set default')
),
foreign_keys as (
  select t.name, 'foreign key ' || k.conname
    || ' (' || (select string_agg(a.attname, ', ' order by at) from unnest(k.conkey) with ordinality c (number, at)
                join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.number) || ')'
    || ' references ' || k.confrelid::regclass
    || ' (' || (select string_agg(a.attname, ', ' order by at) from unnest(k.confkey) with ordinality c (number, at)
                join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.number) || ')'
    || ' on update ' || u.action || ' on delete ' || d.action as line
  from tables t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
  join actions u on u.code = k.confupdtype join actions d on d.code = k.confdeltype
)
select name as table, array_agg(line order by line collate "C") as lines
from (select * from columns union all select * from indexes union all select * from foreign_keys) found
group by name`;

describe('prisma/schema.prisma', () => {
  let testDatabase: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    client = new pg.Client({ connectionString: testDatabase.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await testDatabase.drop();
  });

  /** Each table of the database with its lines. Lines that Prisma cannot express are in the form of the schema. */
  async function database(): Promise<Map<string, string[]>> {
    const { rows } = await client.query<{ table: string; lines: string[] }>(CATALOG, [TOOLS]);
    return new Map(
      rows.map(({ table, lines }) => [
        table,
        lines.flatMap((line) => (line in BEYOND_PRISMA ? (BEYOND_PRISMA[line]?.schema ?? []) : line)).sort(),
      ]),
    );
  }

  it('declares the tables, columns, defaults, keys, indexes and references that the migrations make', async () => {
    const declared = new Map(readPrismaSchema().map(({ table, lines }) => [table, lines]));
    expect(declared).toEqual(await database());
  });

  it('lists only lines that the database has as impossible in Prisma', async () => {
    const { rows } = await client.query<{ lines: string[] }>(CATALOG, [TOOLS]);
    const lines = new Set(rows.flatMap((row) => row.lines));
    expect(Object.keys(BEYOND_PRISMA).filter((line) => !lines.has(line))).toEqual([]);
  });

  it('has the values of every enum, in their order', async () => {
    const { rows } = await client.query<{ name: string; labels: string[] }>(
      `select t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
       from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = 'public'::regnamespace group by t.typname`,
    );
    expect(readPrismaEnums()).toEqual(new Map(rows.map(({ name, labels }) => [name, labels])));
  });
});
