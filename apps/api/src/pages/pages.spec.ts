import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventProgramme } from '#contract';
import { demonstrationProgramme, loadProgramme } from '#programme';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildPeople } from '../../../../test/support/build.ts';
import { html } from './html.ts';
import { datedOf, daysOf } from './texts.ts';

const PUBLIC_URL = 'https://cafes.example';
let api: TestApi;
let programme: EventProgramme;

beforeAll(async () => {
  if (!existsSync('dist/web/index.html'))
    throw new Error('these tests read the build: run `npm test` or the build first');
  api = await startTestApi({ PUBLIC_URL });
  const document = JSON.parse(readFileSync('prisma/programme/raict-2024.json', 'utf8'));
  document.cafes[0].texts.fr.title = '<b>Coopération</b> & "jeunesse"';
  await loadProgramme(api.database, demonstrationProgramme(document, new Date()));
  programme = (await api.call('GET', '/events/raict-2024')).json;
});
afterAll(() => api?.stop());

async function page(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(api.url + path, { headers: { accept: 'text/html', 'accept-language': 'fr', ...headers } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
const titleOf = (text: string) => /<title>([^<]*)/.exec(text)?.[1];
const metaOf = (text: string, name: string) =>
  new RegExp(`(?:name|property)="${name}" content="([^"]*)"`).exec(text)?.[1];

describe('a page of the programme', () => {
  it('is complete without scripts, with the data for previews and search engines', async () => {
    const { status, headers, text } = await page('/');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(text.match(/data-cafe=/g)).toHaveLength(programme.cafes.length);
    for (const { id } of programme.cafes) expect(text).toContain(`href="/cafes/${id}"`);
    expect(text).not.toContain('class="skeleton"');
    expect(titleOf(text)).toBe(`${programme.title} · Comptoir`);
    expect(metaOf(text, 'og:title')).toBe(programme.title);
    expect(metaOf(text, 'og:url')).toBe(`${PUBLIC_URL}/events/raict-2024`);
    expect(metaOf(text, 'og:image')).toBe(`${PUBLIC_URL}/icon-512.png`);
    expect(text).toContain('&lt;b&gt;Coopération&lt;/b&gt; &amp; &quot;jeunesse&quot;');
    expect(text).not.toContain('<b>Coopération');
  });

  it('shows a Café with its texts, in the requested language', async () => {
    const [, cafe] = programme.cafes;
    const french = await page(`/cafes/${cafe?.id}`);
    expect(french.text).toContain('<html lang="fr">');
    expect(titleOf(french.text)).toContain('· Comptoir');
    expect(french.text).toMatch(/\d+ places libres sur \d+/);
    expect(french.text).toContain('<noscript><p>Pour prendre une place, activez JavaScript');
    const english = await page(`/cafes/${cafe?.id}?locale=en`);
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toMatch(/\d+ of \d+ seats free/);
    expect(english.headers.get('vary')).toContain('Accept-Language');
  });

  it('shows a taken seat, and answers 304 to a client that has the page', async () => {
    const [cafe] = programme.cafes;
    const before = await page(`/cafes/${cafe?.id}`);
    const tag = before.headers.get('etag') ?? '';
    expect((await page(`/cafes/${cafe?.id}`, { 'if-none-match': tag })).status).toBe(304);
    const [someone] = await buildPeople(api.database.pool, 1);
    await api.call('POST', `/cafes/${cafe?.id}/registrations`, { as: someone, body: {} });
    const after = await page(`/cafes/${cafe?.id}`, { 'if-none-match': tag });
    expect([after.status, after.text]).toEqual([200, expect.stringContaining(`${(cafe?.capacity ?? 0) - 1} places`)]);
  });

  it('leaves a filtered programme to scripts', async () => {
    const { text } = await page('/?q=jeunesse');
    expect(text).toContain('class="skeleton"');
    expect(text.slice(text.indexOf('<noscript>'))).toContain('data-cafe=');
  });
});

describe('a path', () => {
  it.each(['/nothing', '/me/nothing', '/events/nothing', '/events/Not%20a%20slug', '/cafes/nothing', '/host/nothing'])(
    'without a page is answered 404 with a page: %s',
    async (path) => {
      const { status, text } = await page(path);
      expect([status, text.startsWith('<!doctype html>')]).toEqual([404, true]);
    },
  );

  it('of an unknown event leads to the existing events', async () => {
    expect((await page('/events/nothing')).text).toContain('href="/events/raict-2024"');
    expect((await page('/events')).text).toContain('href="/events/raict-2024"');
  });

  it('of the API, or of a request for no page, answers a problem', async () => {
    for (const [path, accept] of [
      ['/api/v1/nothing', 'text/html'],
      ['/board-nothing', 'application/json'],
      ['/assets/gone.js', '*/*'],
    ] as const) {
      const { status, headers } = await page(path, { accept });
      expect([path, status, headers.get('content-type')]).toEqual([path, 404, expect.stringContaining('problem+json')]);
    }
  });

  it.each(['/me', '/me/settings', '/sign-in', '/host', '/organiser'])(
    'has a page that scripts fill: %s',
    async (path) => {
      const { status, text } = await page(path);
      expect([status, text]).toEqual([200, expect.stringContaining('Cette page a besoin de JavaScript')]);
    },
  );

  it('exists here for each route of the pages', async () => {
    const routes = readFileSync('apps/web/src/main.tsx', 'utf8').matchAll(/<Route path="([^"]+)"/g);
    for (const [, route = ''] of routes) {
      const path = route.replace(':slug', 'raict-2024').replace(':id', programme.cafes[0]?.id ?? '');
      expect([route, (await page(path)).status]).toEqual([route, 200]);
    }
  });

  it('exists for crawlers and for files that browsers request automatically', async () => {
    const robots = await page('/robots.txt');
    expect([robots.status, robots.text]).toEqual([200, expect.stringContaining(`Sitemap: ${PUBLIC_URL}/sitemap.xml`)]);
    const sitemap = await page('/sitemap.xml');
    expect(sitemap.text.match(/<loc>/g)).toHaveLength(1 + programme.cafes.length);
    expect((await page('/favicon.ico')).status).toBe(200);
  });
});

it('formats the first day of a month as French does', () => {
  const days = (locale: 'fr' | 'en') => daysOf(locale, 'Europe/Paris', '2026-11-29T23:00:00Z', '2026-12-01T23:00:00Z');
  expect([days('fr'), days('en')]).toEqual([
    expect.stringMatching(/^30 novembre.*1er décembre 2026$/),
    expect.stringMatching(/^30 November.*1 December 2026$/),
  ]);
  const on = datedOf('fr', 'Europe/Paris', '2027-01-31T23:30:00Z', '2027-02-01T00:15:00Z');
  expect(on).toMatch(/^Lundi 1er février 2027, 0.h.30.– 1.h.15 \(UTC\+1\)$/);
});

it('escapes each text that is inserted into HTML', () => {
  const text = `<script>&"'`;
  const escaped = '&lt;script&gt;&amp;&quot;&#39;';
  expect(html`<p title="${text}">${[text, html`<b>${text}</b>`, false, undefined, 3]}</p>`.text).toBe(
    `<p title="${escaped}">${escaped}<b>${escaped}</b>3</p>`,
  );
});
