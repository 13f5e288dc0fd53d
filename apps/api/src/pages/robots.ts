import type { EventProgramme } from '#contract';
import { escapeHtml } from './html.ts';

/** Search engines may list the programme. The pages for attendees and staff have no content for them. */
const PRIVATE = ['/me', '/host', '/organiser', '/registrations/', '/sign-in', '/board', '/cafes/*/group'];

/** `robots.txt` */
export function robots(publicUrl: string): string {
  const lines = ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`), `Sitemap: ${publicUrl}/sitemap.xml`];
  return `${lines.join('\n')}\n`;
}

/** `sitemap.xml`: all events, and all their Cafés. */
export function sitemap(publicUrl: string, events: EventProgramme[]): string {
  const paths = events.flatMap(({ slug, cafes }) => [`/events/${slug}`, ...cafes.map(({ id }) => `/cafes/${id}`)]);
  const urls = paths.map((path) => `<url><loc>${escapeHtml(publicUrl + path)}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>
`;
}
