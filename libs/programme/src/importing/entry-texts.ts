import { cleanLine } from '#text';
import { type ProgrammeDocument, type Texts } from '../document.ts';
import type { Place, Report } from './finding.ts';
import { hasHtml, htmlToText } from './html-text.ts';
import type { ImportedEntry } from './imported.ts';

type CafeOf = ProgrammeDocument['cafes'][number];

/** The longest texts and lists of a document. */
const TITLE_MAX = 300;
const SUMMARY_MAX = 4_000;
const LIST_MAX = 50;
const HOSTS_MAX = 20;

/** Makes texts of a file into texts of a document: without HTML and invisible characters, and not longer than they may be. */
export class TextCleaner {
  #html = 0;
  #shortened = 0;
  #first: { html?: Place; shortened?: Place } = {};
  /** The place of the texts that are cleaned now. */
  place: Place = {};

  /** A text on one line; empty where nothing of it can be seen. */
  line(text: string, max: number): string {
    return this.#cut(cleanLine(this.#plain(text)), max);
  }

  /** A text of several paragraphs; undefined where nothing of it can be seen. */
  paragraphs(text: string, max: number): string | undefined {
    const lines = this.#plain(text)
      .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
      .split('\n')
      .map(cleanLine);
    const cleaned = lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    return this.#cut(cleaned, max) || undefined;
  }

  lines(texts: string[] | undefined, max: number, count: number): string[] {
    const cleaned = (texts ?? []).map((text) => this.line(text, max)).filter(Boolean);
    if (cleaned.length > count) this.#note('shortened');
    return cleaned.slice(0, count);
  }

  /** Reports once what was changed in how many texts. */
  report(report: Report): void {
    const { html, shortened } = this.#first;
    if (this.#html > 0) report({ level: 'warning', code: 'html-removed', values: { texts: this.#html }, place: html });
    if (this.#shortened > 0)
      report({ level: 'warning', code: 'text-shortened', values: { texts: this.#shortened }, place: shortened });
  }

  #plain(text: string): string {
    if (!hasHtml(text)) return text;
    this.#note('html');
    return htmlToText(text);
  }

  #cut(text: string, max: number): string {
    if (text.length <= max) return text;
    this.#note('shortened');
    return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  }

  #note(what: 'html' | 'shortened'): void {
    if (what === 'html') this.#html++;
    else this.#shortened++;
    this.#first[what] ??= this.place;
  }
}

/** The texts of an entry, in its own language. */
export function textsOf(entry: ImportedEntry, title: string, clean: TextCleaner): Texts {
  const { summary, audience, takeaways, agenda = [], keywords } = entry;
  const described = summary && clean.paragraphs(summary, SUMMARY_MAX);
  return {
    title: clean.line(title, TITLE_MAX),
    ...(described && { summary: described }),
    audience: clean.lines(audience, 500, LIST_MAX),
    takeaways: clean.lines(takeaways, 500, LIST_MAX),
    agenda: agenda.slice(0, LIST_MAX).flatMap(({ title: item, minutes }) => {
      const text = clean.line(item, 500);
      return text ? [{ title: text, ...(minutes !== undefined && { minutes }) }] : [];
    }),
    keywords: clean.lines(keywords, 100, LIST_MAX),
  };
}

export function speakersOf({ speakers = [] }: ImportedEntry, clean: TextCleaner): CafeOf['speakers'] {
  return speakers.slice(0, LIST_MAX).flatMap(({ name, organisation, role, pair }) => {
    const cleaned = clean.line(name, 120);
    const host = organisation && clean.line(organisation, 160);
    if (!cleaned) return [];
    return [{ name: cleaned, ...(role && { role }), ...(host && { organisation: host }), ...(pair && { pair }) }];
  });
}

/** The organisations of an entry, else those of its speakers. */
export function hostsOf({ hosts = [], speakers = [] }: ImportedEntry, clean: TextCleaner): string[] {
  const named = hosts.length > 0 ? hosts : speakers.flatMap(({ organisation }) => organisation ?? []);
  return [...new Set(clean.lines(named, 160, HOSTS_MAX))];
}
