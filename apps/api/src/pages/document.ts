import { readFileSync } from 'node:fs';
import type { Locale } from '#contract';
import { escapeHtml, type Html, html } from './html.ts';

/** The title, description and content of a page, also for search engines and previews. */
export interface Page {
  locale: Locale;
  /** Plain text. */
  title: string;
  /** Plain text, of any length. */
  description: string;
  /** The path that search engines list, without a query. */
  path?: string;
  /** The content of `main`. Without it, the page shows the outline of the content until scripts run. */
  main?: Html;
  /** Shown below the content if scripts do not run. */
  withoutScript?: Html;
}

/** The maximum number of characters of a description: previews and search results show no more. */
const DESCRIPTION_MAX = 200;

/** The parts of the built document that differ between pages. */
const PARTS = {
  language: /<html lang="[^"]*">/,
  title: /<title>[^<]*<\/title>/,
  description: /<meta name="description" content="[^"]*"\s*\/?>/,
  main: /<main>[\s\S]*<\/main>/,
};

/** The document of all pages: the built one (apps/web/index.html), with the language, the head and the content of one page. */
export class Documents {
  readonly #built: string;
  readonly #publicUrl: string;

  /**
   * @param file the path of the built document
   * @param publicUrl the address of the pages, without a slash at the end
   * @throws Error if the document lacks a part
   */
  constructor(file: string, publicUrl: string) {
    this.#built = readFileSync(file, 'utf8');
    this.#publicUrl = publicUrl;
    for (const [part, pattern] of Object.entries(PARTS)) {
      if (!pattern.test(this.#built)) throw new Error(`${file} has no ${part}`);
    }
  }

  /** Returns the document of a page, as HTML. */
  write(page: Page): string {
    const { locale, title, main, withoutScript } = page;
    const skeleton = PARTS.main.exec(this.#built)?.[0] ?? '';
    const content = main ? html`<main data-rendered lang="${locale}">${main}</main>`.text : skeleton;
    const body = withoutScript
      ? content.replace('</main>', html`<noscript>${withoutScript}</noscript></main>`.text)
      : content;
    // Functions instead of strings, because a text may contain a `$`, which has a meaning in a replacement.
    return this.#built
      .replace(PARTS.language, () => `<html lang="${locale}">`)
      .replace(PARTS.title, () => `<title>${escapeHtml(`${title} · Comptoir`)}</title>`)
      .replace(PARTS.description, () => this.#head(page).text)
      .replace(PARTS.main, () => body);
  }

  #head({ locale, title, description, path }: Page): Html {
    const line = description.replace(/\s+/g, ' ').trim();
    const short = line.length > DESCRIPTION_MAX ? `${line.slice(0, DESCRIPTION_MAX - 1)}…` : line;
    const url = path === undefined ? undefined : this.#publicUrl + path;
    return html`<meta name="description" content="${short}" />
    ${
      url &&
      html`<link rel="canonical" href="${url}" />
    <link rel="alternate" hreflang="fr" href="${`${url}?locale=fr`}" />
    <link rel="alternate" hreflang="en" href="${`${url}?locale=en`}" />
    <meta property="og:url" content="${url}" />`
    }
    <meta property="og:site_name" content="Comptoir" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${short}" />
    <meta property="og:locale" content="${locale === 'fr' ? 'fr_FR' : 'en_GB'}" />
    <meta property="og:image" content="${`${this.#publicUrl}/icon-512.png`}" />
    <meta name="twitter:card" content="summary" />`;
  }
}
