import { statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { SESSION_COOKIE } from '#identity';
import { type Database, migrate, openDatabase } from '#platform';
import { type RunningApp, startApp } from '../../../apps/local/src/apps.ts';
import { loadDemonstration } from '../../../apps/local/src/demonstration.ts';
import { freePort } from '../../../apps/local/src/ports.ts';
import { type Identity, openIdentity } from '../../support/identity.ts';
import type { BenchOptions, BenchResult } from '../main.ts';
import { machine, median, round } from '../measure.ts';
import { withBenchServers } from '../servers.ts';
import { openBrowser, openPhone } from './phone.ts';

const SECRET = 'a secret of the bench, for the bench alone';

/** The limits of an attendee's page. */
const TARGETS = { javascriptKb: 120, firstContentMs: 1_800, tapMs: 100 };

/** The product, on separate servers. */
interface ApiBench {
  url: string;
  database: Database;
  people: Identity;
  browser: Browser;
}

/**
 * `npm run bench -- pages`: the cost of an attendee's page on a phone. First the first visit of the programme over slow 4G on a processor
 * four times slower than this one; then, on that processor, the time from a tap on “Prendre une place” to the next paint. Each visit is in
 * a new browser without stored data.
 */
export async function benchPages({ quick, say }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 3 : 9;
  return withApiBench(async (bench) => {
    // The first visit and tap also warm up the servers and the browser, so they are not counted.
    await measureVisit(bench);
    await measureTap(bench, 0);
    const visits: Visit[] = [];
    const taps: number[] = [];
    for (let turn = 1; turn <= rounds; turn++) {
      const visit = await measureVisit(bench);
      const tapMs = await measureTap(bench, turn);
      visits.push(visit);
      taps.push(tapMs);
      say(`round ${turn}: first content ${Math.round(visit.firstContentMs)} ms, the paint after a tap ${tapMs} ms`);
    }
    return report(visits, taps);
  });
}

async function withApiBench<T>(work: (bench: ApiBench) => Promise<T>): Promise<T> {
  return withBenchServers(async ({ postgresUrl, redisUrl }) => {
    const database = openDatabase({ url: postgresUrl, connectionsMax: 2, applicationName: 'bench-pages' });
    await migrate(postgresUrl);
    await loadDemonstration(database);
    const [port, gatewayPort] = [await freePort(), await freePort()];
    const url = `http://localhost:${port}`;
    const environment = {
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      PUBLIC_URL: url,
      DATABASE_URL: postgresUrl,
      REDIS_URL: redisUrl,
      SMTP_URL: 'smtp://127.0.0.1:1',
      APP_SECRET: SECRET,
      LOG_LEVEL: 'warn',
    };
    const apps: RunningApp[] = [
      startApp({ name: 'api', port, environment, say: () => {} }),
      startApp({ name: 'gateway', port: gatewayPort, environment, say: () => {} }),
    ];
    const browser = await openBrowser();
    try {
      await Promise.all(apps.map((app) => app.ready()));
      const people = openIdentity({ database, secret: SECRET, publicUrl: url });
      return await work({ url, database, people, browser });
    } finally {
      await browser.close();
      await Promise.all(apps.map((app) => app.stop()));
      await database.close();
    }
  });
}

interface Visit {
  javascriptKb: number;
  firstContentMs: number;
  largestMs: number;
  programmeMs: number;
}

/** The first visit of the programme. */
async function measureVisit({ url, browser }: ApiBench): Promise<Visit> {
  const phone = await openPhone(browser, { network: true });
  const scripts = new Set<string>();
  phone.page.on('request', (request) => {
    if (request.resourceType() === 'script' && !request.serviceWorker()) scripts.add(new URL(request.url()).pathname);
  });
  await phone.page.goto(url, { waitUntil: 'load' });
  await phone.page.locator('[data-cafe]').first().waitFor();
  const { largestMs, programmeMs = 0 } = await phone.seen();
  const firstContentMs = await phone.firstContentMs();
  await phone.close();
  // The file of the service worker itself is loaded after the page and is not one of its scripts.
  const files = [...scripts].filter((script) => script !== '/sw.js').map((script) => `dist/web${script}.gz`);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { javascriptKb: bytes / 1_024, firstContentMs, largestMs, programmeMs };
}

/** From the tap on “Prendre une place”, signed in, to the next paint, in milliseconds. */
async function measureTap({ url, browser, database, people }: ApiBench, turn: number): Promise<number> {
  const email = `phone-${turn}@example.org`;
  await people.signInMails.createOperatorLink(email, { ttlHours: 1, name: 'Léa Martin' });
  const attendeeId = (await people.attendees.findByEmail(email))?.attendeeId ?? '';
  const { cookie } = people.sessions.open(attendeeId);
  const { rows } = await database.pool.query<{ id: string }>(
    'select id from cafe order by starts_at, position limit 1',
  );
  const phone = await openPhone(browser, { network: false, cookie: { name: SESSION_COOKIE, value: cookie, url } });
  await phone.page.goto(`${url}/cafes/${rows[0]?.id}`, { waitUntil: 'load' });
  await phone.page.getByRole('button', { name: 'Prendre une place' }).tap();
  await phone.page.getByText('Votre place est confirmée').waitFor();
  const { taps } = await phone.seen();
  await phone.close();
  // The browser does not report a paint within 16 ms of the tap.
  return Math.max(16, ...taps);
}

function report(visits: Visit[], taps: number[]): BenchResult {
  const middle = (figure: keyof Visit) => median(visits.map((visit) => visit[figure]));
  const figures = {
    javascriptKb: round(middle('javascriptKb')),
    firstContentMs: Math.round(middle('firstContentMs')),
    largestContentMs: Math.round(middle('largestMs')),
    programmeMs: Math.round(middle('programmeMs')),
    tapMs: median(taps),
    tapWorstMs: Math.max(...taps),
    visits: visits.length,
  };
  const ratios = {
    javascriptOfTarget: round(figures.javascriptKb / TARGETS.javascriptKb),
    firstContentOfTarget: round(figures.firstContentMs / TARGETS.firstContentMs),
    tapOfTarget: round(figures.tapWorstMs / TARGETS.tapMs),
  };
  const row = (name: string, found: string, target: string) => `${name.padEnd(62)} ${found.padStart(9)}   ${target}`;
  return {
    bench: 'pages',
    machine: machine(),
    ratios,
    figures,
    text: [
      row('', 'found', 'target'),
      row('attendee page, JavaScript (gzip)', `${figures.javascriptKb} KB`, `<= ${TARGETS.javascriptKb} KB`),
      row('first content, 4x CPU, slow 4G', `${figures.firstContentMs} ms`, `<= ${TARGETS.firstContentMs} ms`),
      row('largest content, the same', `${figures.largestContentMs} ms`, ''),
      row('the first Café can be read, the same', `${figures.programmeMs} ms`, ''),
      row(
        'tap on “Prendre une place” to the next paint, 4x CPU, worst',
        `${figures.tapWorstMs} ms`,
        `<= ${TARGETS.tapMs} ms`,
      ),
      row('the same, median', `${figures.tapMs} ms`, ''),
      '',
      `${visits.length} first visits, median unless said otherwise; ${machine()}`,
    ],
  };
}
