import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CallName, callNames, clientMessages, routeOf } from '#contract';
import { expectations, liveMessages, type Outcomes, type Trial } from './expectations.ts';
import { buildScene, type RoleName, roles, type Scene } from './roles.ts';
import { type SecurityStack, startSecurityStack, untilKnown } from './security-stack.ts';

let stack: SecurityStack;
beforeAll(async () => {
  stack = await startSecurityStack({});
});
afterAll(() => stack?.stop());

let trials = 0;
/** A separate scene for each call of each role, so that a call does not see the effects of another. */
async function trialOf(role: RoleName, draft: boolean): Promise<Trial> {
  const { api, seats } = stack;
  const scene = await buildScene(api.database, api.people);
  // In a draft, no attendee has a seat.
  const cafeId = draft ? scene.otherCafeId : scene.cafeId;
  const claimed = await seats.claims.claim({ cafeId, attendeeId: scene.ownerId, guest: false });
  if (draft) await seats.cafes.changeCafe(scene.cafeId, { state: 'draft' });
  if (claimed.outcome !== 'created') throw new Error(claimed.outcome);
  return { ...scene, registrationId: claimed.registration.id, role, email: `stranger-${++trials}@example.org` };
}

/** The path of a call with the ids of a trial. */
function pathOf(path: string, { eventId, slug, cafeId, roomId, registrationId }: Trial): string {
  const ids: Record<string, string> = {
    cafes: cafeId,
    rooms: roomId,
    events: path.includes('{slug}') ? registrationId : eventId,
  };
  const id = ids[path.split('/')[1] ?? ''] ?? registrationId;
  return path
    .replace('{slug}', slug)
    .replace('{id}', id)
    .replace(/\{(registration|release|closing|change)Id\}/, registrationId);
}

/** The data of the scene that a caller without a right must not change. */
async function stateOf({ eventId, ownerId }: Trial): Promise<unknown> {
  const { rows } = await stack.api.database.pool.query(
    `select
       (select json_agg(c order by c.id) from cafe c where c.event_id = $1) as cafes,
       (select json_agg(s order by s.cafe_id) from cafe_seats s join cafe c on c.id = s.cafe_id where c.event_id = $1) as seats,
       (select json_agg(r order by r.id) from registration r join cafe c on c.id = r.cafe_id where c.event_id = $1) as registrations,
       (select json_agg(g order by g.id) from role_grant g where g.event_id = $1) as roles,
       (select json_agg(a) from attendee a where a.id = $2) as owner`,
    [eventId, ownerId],
  );
  return rows[0];
}

const REFUSED = /^(401|403|404) /;

async function outcomeOf(call: CallName, role: RoleName, { draft = false } = {}): Promise<string> {
  const { method, path } = routeOf(call);
  const trial = await trialOf(role, draft);
  const as = await trial.actor(role);
  const sent = expectations[call];
  const before = await stateOf(trial);
  const answer = await stack.api.call(method, sent.path?.(trial) ?? pathOf(path, trial), {
    ...(sent.body && { body: sent.body(trial) }),
    ...(as && { as }),
  });
  const outcome = `${answer.status}${answer.status >= 400 ? ` ${answer.json?.code}` : ''}`;
  if (REFUSED.test(outcome) && JSON.stringify(await stateOf(trial)) !== JSON.stringify(before))
    return `${outcome}, and changed something`;
  return outcome;
}

async function outcomesOf(ask: (role: RoleName) => Promise<string>): Promise<Outcomes> {
  const found = await Promise.all(roles.map(async (role) => [role, await ask(role)]));
  return Object.fromEntries(found) as Outcomes;
}

describe('every call by every role', () => {
  it.each(callNames)('%s', async (call) => {
    expect(await outcomesOf((role) => outcomeOf(call, role))).toEqual(expectations[call].outcomes);
  });
});

describe('every call about a draft', () => {
  it.each(callNames.filter((call) => call.includes('/cafes/{id}')))(
    '%s: not found for a caller without a role in it',
    async (call) => {
      const strangers = roles.filter((role) => !['host', 'organiser'].includes(role));
      const found = await Promise.all(strangers.map((role) => outcomeOf(call, role, { draft: true })));
      for (const [place, outcome] of found.entries()) {
        const allowed =
          strangers[place] === 'visitor' ? ['404 cafe-not-found', '401 not-signed-in'] : ['404 cafe-not-found'];
        expect([strangers[place], allowed]).toEqual([strangers[place], expect.arrayContaining([outcome])]);
      }
    },
  );
});

describe('every live message by every role', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await buildScene(stack.api.database, stack.api.people);
    await untilKnown(stack, scene.eventId);
  });

  it('has an expectation, and each expectation is for an existing message', () => {
    expect(Object.keys(liveMessages).sort()).toEqual(Object.keys(clientMessages).sort());
  });

  it.each(Object.keys(clientMessages) as (keyof typeof liveMessages)[])('%s', async (event) => {
    const found = await outcomesOf(async (role) => {
      const socket = await stack.connect(await scene.actor(role));
      const answer = await socket.timeout(5_000).emitWithAck(event, liveMessages[event].message(scene));
      socket.disconnect();
      return answer.ok ? 'ok' : answer.code;
    });
    expect(found).toEqual(liveMessages[event].outcomes);
  });
});
