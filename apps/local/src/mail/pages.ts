import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { calendarEntry } from '#calendar';
import { type Locale, locales } from '#contract';
import { createMailComposer, sampleMessages } from '#mail';
import { qrCodePng } from '#tickets';

/** A message as a self-contained page. */
export interface MailPage {
  /** The kind of message, with the variant: `confirmed`, `prove-address-in-line`. */
  name: string;
  locale: Locale;
  subject: string;
  html: string;
  text: string;
}

/** The typefaces of the messages. Messages do not contain them. A mail client shows them if they are installed. */
const typefaces = {
  Fraunces: '@fontsource-variable/fraunces/files/fraunces-latin-wght-normal.woff2',
  'Source Sans 3': '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
};

/**
 * Creates all messages in all languages.
 * @param withTypefaces as in a mail client with the typefaces of the product; otherwise as in one without them
 */
export async function mailPages({ withTypefaces = true } = {}): Promise<MailPage[]> {
  const style = withTypefaces ? `<style>${await fontFaces()}</style>` : '';
  const composer = createMailComposer({ ticketImage: qrCodePng, calendarEntry });
  const pages: MailPage[] = [];
  for (const locale of locales) {
    for (const { name, message, to } of sampleMessages(locale)) {
      const { subject, html, text, attachments } = await composer.compose(message, to);
      // The page contains the parts of the mail inline.
      const inPlace = html.replace(/cid:([\w@-]+)/g, (whole, cid: string) => {
        const part = attachments.find((attachment) => attachment.cid === cid);
        return part ? `data:${part.contentType};base64,${Buffer.from(part.content).toString('base64')}` : whole;
      });
      pages.push({ name, locale, subject, html: inPlace.replace('</head>', `${style}</head>`), text });
    }
  }
  return pages;
}

export const fileOf = ({ name, locale }: Pick<MailPage, 'name' | 'locale'>) => `${name}.${locale}`;

/** The page with links to all messages. */
export function listOf(pages: MailPage[]): string {
  const rows = pages
    .map((page) => {
      const file = fileOf(page);
      return `<tr><td>${page.name}</td><td>${page.locale}</td><td lang="${page.locale}"><a href="${file}.html">${escaped(page.subject)}</a></td><td><a href="${file}.txt">text</a></td></tr>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Messages of Comptoir</title>
<style>
  :root { color-scheme: light dark }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1.25rem; font: 17px/1.5 system-ui, sans-serif }
  td { padding: .5rem 1rem .5rem 0; border-bottom: 1px solid #8885; vertical-align: top }
</style>
</head>
<body>
<h1>Messages of Comptoir</h1>
<table>
${rows}
</table>
</body>
</html>
`;
}

async function fontFaces(): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  const faces = Object.entries(typefaces).map(async ([family, file]) => {
    const data = (await readFile(resolve(file))).toString('base64');
    return `@font-face{font-family:"${family}";font-weight:200 900;src:url(data:font/woff2;base64,${data}) format("woff2")}`;
  });
  return (await Promise.all(faces)).join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
