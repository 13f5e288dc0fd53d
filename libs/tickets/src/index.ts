/** Signed tickets: their text, their QR code, and the ticket as a PDF (docs/tickets.md). */
import type { Locale } from '#contract';
import type { PrintableTicket } from './pdf/ticket-pdf.ts';

export type { PrintableTicket } from './pdf/ticket-pdf.ts';
export { qrCodePng, qrCodeSvg } from './qr-code.ts';
export { openTickets, type Ticket, Tickets } from './tickets.ts';

/** Renders a ticket as a PDF of one A5 page with its fonts embedded. The PDF library is loaded on the first call, to save memory. */
export async function renderTicketPdf(ticket: PrintableTicket, locale: Locale): Promise<Buffer> {
  const pdf = await import('./pdf/ticket-pdf.ts');
  return pdf.renderTicketPdf(ticket, locale);
}
