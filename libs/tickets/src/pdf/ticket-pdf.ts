import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { Locale } from '#contract';
import { formatDay, formatPeriod, formatTime } from '#platform';
import { qrCodeModules } from '../qr-code.ts';
import { type Font, loadFonts, type TextStyle } from './fonts.ts';
import { layOutText } from './text-layout.ts';

/** The colours of the pages and mails, on white paper. */
const light = { ink: '#1d2430', quiet: '#565d6b', hairline: '#ddd5c5', enamel: '#12406b', paper: '#fbf7ef' };

/** A5 in points: half a sheet of a common printer. */
const WIDTH = 419.53;
const HEIGHT = 595.28;
const MARGIN = 40;
const COLUMN = WIDTH - 2 * MARGIN;
/** Large enough to be scanned from a moving hand; smaller if a long title needs the space. */
const QR_POINTS_MAX = 200;
const QR_POINTS_MIN = 110;
/** The space for the text below the code. */
const FOOTER_POINTS = 62;

/** The seat of a ticket, with texts in the language of the ticket. Instants are ISO 8601; the time zone is that of the event (IANA). */
interface TicketSeat {
  event: string;
  /** “Café 4”, “Stand DCOL”. */
  label: string;
  title: string;
  room: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

/** The content of a printed ticket. */
export interface PrintableTicket {
  /** The text of the QR code. */
  ticket: string;
  /** The holder's name if it may be shown; otherwise undefined. */
  holderName?: string;
  seat: TicketSeat;
  validUntil: Date;
}

const words = {
  fr: {
    title: 'Votre billet',
    show: 'Montrez ce code à l’entrée.',
    until: (day: string, at: string) => `Ce billet est personnel. Il vaut jusqu’au ${day} à ${at}.`,
  },
  en: {
    title: 'Your ticket',
    show: 'Show this code at the door.',
    until: (day: string, at: string) => `This ticket is personal. It is good until ${day}, ${at}.`,
  },
};

/** Renders a ticket as a PDF of one A5 page with its fonts embedded. */
export async function renderTicketPdf(
  { ticket, holderName, seat, validUntil }: PrintableTicket,
  locale: Locale,
): Promise<Buffer> {
  const { title, show, until } = words[locale];
  await loadFonts([holderName, seat.event, seat.label, seat.title, seat.room].join(''));
  const document = new PDFDocument({
    size: 'A5',
    margin: 0,
    lang: locale,
    displayTitle: true,
    info: { Title: `${title} – ${seat.title}`, Author: seat.event, Creator: 'Comptoir', Producer: 'Comptoir' },
  });
  const page = new Page(document);
  drawTable(document, WIDTH - MARGIN - 27, MARGIN + 27);
  page.write(seat.event, { style: 'title', size: 13, colour: light.enamel, width: COLUMN - 70 });
  page.space(14);
  page.write(title, { style: 'title', size: 26 });
  page.space(14);
  page.rule();
  page.write(seat.label, { style: 'plain', size: 12, colour: light.quiet });
  page.space(2);
  page.write(seat.title, { style: 'title', size: 17 });
  page.space(6);
  page.write(formatPeriod(seat, locale), { style: 'strong', size: 13 });
  page.write(seat.room, { style: 'plain', size: 13 });
  page.space(12);
  page.rule();
  if (holderName) page.write(holderName, { style: 'strong', size: 15 });
  page.write(show, { style: 'plain', size: 12, colour: light.quiet });
  page.space(10);
  const size = Math.max(QR_POINTS_MIN, Math.min(QR_POINTS_MAX, HEIGHT - FOOTER_POINTS - page.y));
  drawQr(document, ticket, { x: (WIDTH - size) / 2, y: page.y, size });
  page.space(size + 6);
  const { timeZone } = seat;
  const last = validUntil.toISOString();
  page.write(until(formatDay(last, timeZone, locale), formatTime(last, timeZone, locale)), {
    style: 'plain',
    size: 10,
    colour: light.quiet,
  });
  document.end();
  return buffer(document);
}

/** Sizes and widths are in points. */
interface TextOptions {
  style: TextStyle;
  size: number;
  colour?: string;
  width?: number;
}

/** Writes a page from top to bottom. */
class Page {
  /** The top of the next line, in points below the top of the page. */
  y = MARGIN;
  readonly #document: PDFKit.PDFDocument;
  readonly #registered = new Set<string>();

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
  }

  write(text: string, { style, size, colour = light.ink, width = COLUMN }: TextOptions): void {
    const document = this.#document.fillColor(colour).fontSize(size);
    const measure = (font: Font, run: string, isRightToLeft: boolean) =>
      isDrawnByOutlines(font, isRightToLeft)
        ? (font.shape(run, isRightToLeft).advanceWidth * size) / font.unitsPerEm
        : this.#withFont(font).widthOfString(run);
    for (const line of layOutText(text, style, { width, space: size * 0.25, measure })) {
      let x = MARGIN;
      const baseline = this.y + size * 1.05;
      for (const run of line) {
        if (run.kind === 'box') drawBox(document, { x, baseline, width: run.width, size, colour });
        else if (run.kind === 'letters' && isDrawnByOutlines(run.font, run.isRightToLeft))
          drawOutlines(document, run, { x, baseline, size });
        else if (run.kind === 'letters')
          this.#withFont(run.font).text(run.text, x, baseline, { lineBreak: false, baseline: 'alphabetic' });
        x += run.width;
      }
      this.y += size * 1.35;
    }
  }

  space(points: number): void {
    this.y += points;
  }

  rule(): void {
    this.#document
      .moveTo(MARGIN, this.y)
      .lineTo(WIDTH - MARGIN, this.y)
      .lineWidth(0.75)
      .stroke(light.hairline);
    this.y += 14;
  }

  #withFont({ name, data }: Font): PDFKit.PDFDocument {
    if (data && !this.#registered.has(name)) this.#document.registerFont(name, data);
    this.#registered.add(name);
    return this.#document.font(name);
  }
}

/**
 * A variable font cannot be embedded in one weight. In addition, pdfkit guesses the direction of a text, and reverses numbers and brackets
 * among letters that run from right to left.
 */
function isDrawnByOutlines(font: Font, isRightToLeft: boolean): boolean {
  return isRightToLeft || font.data === undefined;
}

/** Draws letters as outlines. PDF readers can still search and copy the text. */
function drawOutlines(
  document: PDFKit.PDFDocument,
  { font, text, isRightToLeft }: { font: Font; text: string; isRightToLeft: boolean },
  { x, baseline, size }: { x: number; baseline: number; size: number },
): void {
  const { glyphs, positions } = font.shape(text, isRightToLeft);
  const scale = size / font.unitsPerEm;
  document.markContent('Span', { actual: text });
  document.save().translate(x, baseline).scale(scale, -scale);
  let advance = 0;
  for (const [index, { path }] of glyphs.entries()) {
    const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {};
    document.save().translate(advance + xOffset, yOffset);
    const outline = path.toSVG();
    if (outline) document.path(outline).fill();
    document.restore();
    advance += xAdvance;
  }
  document.restore();
  document.endMarkedContent();
}

/** Draws an empty box for a letter that no font has, as browsers do. */
function drawBox(
  document: PDFKit.PDFDocument,
  { x, baseline, width, size, colour }: { x: number; baseline: number; width: number; size: number; colour: string },
): void {
  const [inset, height] = [width * 0.12, size * 0.7];
  document
    .lineWidth(size * 0.05)
    .rect(x + inset, baseline - height, width - 2 * inset, height)
    .stroke(colour);
}

/** Draws the round table of the mails: an enamel plate and eight chairs, the reader's chair in saffron. `x` and `y` are its centre. */
function drawTable(document: PDFKit.PDFDocument, x: number, y: number): void {
  const unit = 0.54;
  document.circle(x, y, 31 * unit).fill(light.enamel);
  document
    .circle(x, y, 27 * unit)
    .lineWidth(1.4 * unit)
    .stroke(light.paper);
  for (let chair = 0; chair < 8; chair++) {
    const angle = (chair / 8) * 2 * Math.PI - Math.PI / 2;
    const [chairX, chairY] = [x + 42 * unit * Math.cos(angle), y + 42 * unit * Math.sin(angle)];
    document.circle(chairX, chairY, (chair === 0 ? 7 : 5.5) * unit).fill(chair === 0 ? '#d98e04' : '#8b95a6');
  }
}

/** Draws a QR code as squares; `x` and `y` are its top left corner, `size` is its width, in points. */
function drawQr(
  document: PDFKit.PDFDocument,
  text: string,
  { x, y, size }: { x: number; y: number; size: number },
): void {
  const modules = qrCodeModules(text);
  const unit = size / modules.length;
  for (const [row, line] of modules.entries()) {
    for (const [column, dark] of line.entries()) {
      if (dark) document.rect(x + column * unit, y + row * unit, unit, unit);
    }
  }
  document.fill('#000000');
}
