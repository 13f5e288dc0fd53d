import type { ThanksMessage } from '../message.ts';
import type { Family } from './family.ts';

/** After an event: thanks, and what is kept of a person. */
export const thanks: Family<'thanks'> = {
  fr(message) {
    const { name, event, attended, dataUrl } = message;
    return {
      subject: `Merci de votre présence : ${event}`,
      table: 'plain',
      heading: 'Merci de votre présence',
      paragraphs: [
        attended.length > 0
          ? `Bonjour ${name}, merci d’avoir pris place à nos tables. Nous espérons que les échanges se poursuivront.`
          : `Bonjour ${name}, merci de votre intérêt. Nous espérons vous voir à une table la prochaine fois.`,
        `De vous, nous gardons : ${keptFr(message)}. Rien d’autre n’est gardé, et rien n’est transmis à des tiers.`,
        'Vous pouvez à tout moment emporter ces données ou les faire effacer.',
      ],
      ...(attended.length > 0 && {
        list: {
          heading: attended.length === 1 ? 'Votre Café' : 'Vos Cafés',
          items: attended.map(({ label, title }) => ({ name: title, detail: label })),
        },
      }),
      actions: [{ label: 'Voir mes données', url: dataUrl }],
      footer: { text: `Dernier message de ${event} : vous n’en recevrez pas d’autre de cet événement.` },
    };
  },

  en(message) {
    const { name, event, attended, dataUrl } = message;
    return {
      subject: `Thank you for coming: ${event}`,
      table: 'plain',
      heading: 'Thank you for being there',
      paragraphs: [
        attended.length > 0
          ? `Hello ${name}, thank you for taking a seat at our tables. We hope that the conversations go on.`
          : `Hello ${name}, thank you for your interest. We hope to see you at a table next time.`,
        `Of you, we keep: ${keptEn(message)}. Nothing else is kept, and nothing is passed on to anybody.`,
        'You can take this data along or have it deleted at any time.',
      ],
      ...(attended.length > 0 && {
        list: {
          heading: attended.length === 1 ? 'Your Café' : 'Your Cafés',
          items: attended.map(({ label, title }) => ({ name: title, detail: label })),
        },
      }),
      actions: [{ label: 'See my data', url: dataUrl }],
      footer: { text: `The last message of ${event}: you get no other about this event.` },
    };
  },
};

function keptFr({ name, email, organisation, registrations, attended }: ThanksMessage): string {
  const parts = [`votre nom (${name})`, `votre adresse (${email})`, 'votre langue'];
  if (organisation) parts.push(`votre organisation (${organisation})`);
  parts.push(`${registrations === 1 ? 'une inscription' : `${registrations}\u00a0inscriptions`} et leur historique`);
  if (attended.length > 0) parts.push('l’heure de vos arrivées');
  parts.push('la liste des messages envoyés');
  return new Intl.ListFormat('fr').format(parts);
}

function keptEn({ name, email, organisation, registrations, attended }: ThanksMessage): string {
  const parts = [`your name (${name})`, `your address (${email})`, 'your language'];
  if (organisation) parts.push(`your organisation (${organisation})`);
  parts.push(`${registrations === 1 ? 'one registration' : `${registrations}\u00a0registrations`} with their history`);
  if (attended.length > 0) parts.push('the times when you arrived');
  parts.push('the list of messages sent');
  return new Intl.ListFormat('en-GB').format(parts);
}
