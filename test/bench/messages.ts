import { createElement } from 'react';
import { render } from 'react-email';
import { encode } from 'uqr';
import { calendarEntry } from '#calendar';
import { createMailComposer, sampleMessages } from '#mail';
import { openTickets, qrCodePng, renderTicketPdf } from '#tickets';
import { contentOf } from '../../libs/mail/src/templates/content.ts';
import { Page } from '../../libs/mail/src/templates/page.tsx';
import { textsOf } from '../../libs/mail/src/texts/index.ts';
import { showFacts } from '../../libs/mail/src/typed-text.ts';
import { qrCodeModules } from '../../libs/tickets/src/qr-code.ts';
import type { BenchOptions, BenchResult } from './main.ts';
import { machine, median, round } from './measure.ts';

/** The number of runs before the measurement, so that the code is compiled. */
const WARM_UP = 100;
const ROUNDS = 5;

/** The time of one call in milliseconds: the median of several rounds. */
async function cost(run: () => unknown, calls: number): Promise<number> {
  for (let call = 0; call < Math.min(WARM_UP, calls); call++) await run();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) await run();
    rounds.push((performance.now() - start) / calls);
  }
  return round(median(rounds));
}

/** The time to write a message, by kind, and the time of its parts written in other ways. */
export async function benchMessages({ quick, say }: BenchOptions): Promise<BenchResult> {
  const calls = quick ? 100 : 1_000;
  const composer = createMailComposer({ ticketImage: qrCodePng, calendarEntry });
  const messages: Record<string, number> = {};
  for (const { name, message, to } of sampleMessages('fr')) {
    say(`writing ${name} …`);
    messages[name] = await cost(() => composer.compose(message, to), calls);
  }
  const { message: confirmed, to } = sampleMessages('fr').find(({ name }) => name === 'confirmed') ?? {};
  if (!to || confirmed?.kind !== 'confirmed') throw new Error('there is no sample of a confirmation');
  const { ticket, seat } = confirmed;
  const facts = showFacts(confirmed, to);
  const reader = { hello: 'Bonjour Zoé', proved: true };
  const tickets = openTickets('a secret of thirty-two characters');
  const signed = { registrationId: seat.registrationId, cafeId: seat.registrationId, endsAt: seat.endsAt };
  say('writing its parts otherwise …');
  const parts = {
    'page rendered (react-email)': await cost(
      () => render(createElement(Page, { content: contentOf(textsOf(facts, 'fr', reader), 'fr') })),
      calls / 5,
    ),
    'QR code, one mask': await cost(() => qrCodeModules(ticket), calls),
    'QR code, best of eight masks': await cost(() => encode(ticket, { ecc: 'M', border: 4 }), calls / 5),
    'ticket signed': await cost(() => tickets.ticketFor(signed), calls),
    'ticket printed (PDF)': await cost(
      () => renderTicketPdf({ ticket, seat, holderName: 'Zoé Lefèvre', validUntil: new Date(seat.endsAt) }, 'fr'),
      calls / 10,
    ),
  };
  const ratios = {
    drawn_anew_over_whole_message: round(parts['page rendered (react-email)'] / (messages.confirmed ?? Number.NaN)),
    eight_masks_over_one: round(parts['QR code, best of eight masks'] / parts['QR code, one mask']),
  };
  const lines = (costs: Record<string, number>) =>
    Object.entries(costs).map(([what, milliseconds]) => `  ${what.padEnd(34)} ${milliseconds} ms`);
  return {
    bench: 'messages',
    machine: machine(),
    ratios,
    figures: { messagesMs: messages, partsMs: parts },
    text: ['Writing a message:', ...lines(messages), 'Parts, and the same written otherwise:', ...lines(parts)],
  };
}
