import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/index.ts';

/** Table → columns, as prisma/schema.prisma tells them: `name type?`, the type in Postgres' words. */
function told(): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  const enums = new Map<string, string>();
  for (const [, name = '', body = ''] of schema.matchAll(/^enum (\w+) \{([\s\S]*?)^\}/gm)) {
    enums.set(name, /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name);
  }
  const models = new Set([...schema.matchAll(/^model (\w+) \{/gm)].map(([, name]) => name));
  for (const [, , body = ''] of schema.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    const columns = [...body.matchAll(/^ {2}(\w+)\s+(Unsupported\("[^"]+"\)|\w+)(\[\])?(\?)?(.*)$/gm)]
      .filter(([, , type = '']) => !models.has(type))
      .map(([, field, type = '', list, optional, rest = '']) => {
        const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field;
        return `${column} ${typeOf(type, rest, enums)}${list ?? ''}${optional ? ' null' : ''}`;
      });
    tables.set(table, columns.sort());
  }
  return tables;
}

function typeOf(type: string, rest: string, enums: Map<string, string>): string {
  if (type.startsWith('Unsupported')) return /"([^"]+)"/.exec(type)?.[1] ?? '';
  if (rest.includes('@db.Uuid')) return 'uuid';
  const simple: Record<string, string> = {
    String: 'text',
    Int: 'integer',
    BigInt: 'bigint',
    Boolean: 'boolean',
    DateTime: 'timestamp with time zone',
    Json: 'jsonb',
    Bytes: 'bytea',
  };
  return simple[type] ?? enums.get(type) ?? type;
}

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

  it('tells the tables and columns that the migrations make', async () => {
    const found = await client.query<{ table: string; columns: string[] }>(
      `select c.relname as table,
         array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then '' else ' null' end) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('_prisma_migrations', '_sql_files')
       group by c.relname`,
    );
    expect(told()).toEqual(new Map(found.rows.map(({ table, columns }) => [table, columns.sort()])));
  });
});
