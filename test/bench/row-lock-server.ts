import Fastify from 'fastify';
import pg from 'pg';

/**
 * The usual way to sell a scarce thing, for comparison: every request is a transaction that locks the row of the Café, reads, inserts,
 * counts and commits. It has the same tables, the same durable commit, prepared statements, and a pool of 20. It validates only the text of
 * the cookie, which is the id of the attendee. Prints its port.
 */
const [databaseUrl, cafeId] = process.argv.slice(2) as [string, string];
// It counts by itself, without the triggers of the seat engine.
const options = '-c session_replication_role=replica';
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20, options });
const server = Fastify();

server.post('/claim', async (request, reply) => {
  const attendeeId = String(request.headers.cookie);
  const client = await pool.connect();
  try {
    await client.query('begin');
    const locked = await client.query({
      name: 'lock',
      text: 'select capacity, taken from cafe_seats where cafe_id = $1 for update',
      values: [cafeId],
    });
    const { capacity, taken } = locked.rows[0];
    const status = taken < capacity ? 'confirmed' : 'waitlisted';
    const inserted = await client.query({
      name: 'insert',
      text: `insert into registration (cafe_id, attendee_id, status, waitlist_number, cause) values ($1, $2, $3, $4, 'claim') returning id, created_at`,
      values: [cafeId, attendeeId, status, status === 'waitlisted' ? taken : null],
    });
    await client.query({
      name: 'enqueue',
      text: `insert into outbox (kind, attendee_id, registration_id) values ('confirmed', $1, $2)`,
      values: [attendeeId, inserted.rows[0].id],
    });
    await client.query({
      name: 'count',
      text: 'update cafe_seats set taken = taken + 1, version = version + 1 where cafe_id = $1',
      values: [cafeId],
    });
    await client.query('commit');
    reply.code(201);
    return { id: inserted.rows[0].id, status, createdAt: inserted.rows[0].created_at };
  } catch (fault) {
    await client.query('rollback');
    throw fault;
  } finally {
    client.release();
  }
});

await server.listen({ port: 0, host: '127.0.0.1' });
console.log((server.server.address() as { port: number }).port);
