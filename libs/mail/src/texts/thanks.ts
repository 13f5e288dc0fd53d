import { counted } from '../phrases.ts';
import type { MessageOf, TextsByLocale } from './text-types.ts';

/** The mail after an event: thanks, and which data of the person are kept. */
export const thanks: TextsByLocale<'thanks'> = {
  fr(message, { hello }) {
    const { event, attended, dataUrl } = message;
    return {
      subject: `Merci de votre présence : ${event}`,
      table: 'plain',
      heading: 'Merci de votre présence',
      paragraphs: [
        attended.length > 0
          ? `${hello}, merci d’avoir pris place à nos tables. Nous espérons que les échanges se poursuivront.`
          : `${hello}, merci de votre intérêt. Nous espérons vous voir à une table la prochaine fois.`,
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
      footer: { text: `Ceci est le dernier message de cet événement : ${event}.` },
    };
  },

  en(message, { hello }) {
    const { event, attended, dataUrl } = message;
    return {
      subject: `Thank you for coming: ${event}`,
      table: 'plain',
      heading: 'Thank you for being there',
      paragraphs: [
        attended.length > 0
          ? `${hello}, thank you for taking a seat at our tables. We hope that the conversations go on.`
          : `${hello}, thank you for your interest. We hope to see you at a table next time.`,
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

function keptFr({ kept, keepsOrganisation, registrations, attended }: MessageOf<'thanks'>): string {
  const parts = [withText('votre nom', kept.name), withText('votre adresse', kept.email), 'votre langue'];
  if (keepsOrganisation) parts.push(withText('votre organisation', kept.organisation));
  parts.push(counted(registrations, 'fr', ['inscription et son historique', 'inscriptions et leur historique']));
  if (attended.length > 0) parts.push('l’heure de vos arrivées');
  parts.push('la liste des messages envoyés');
  return new Intl.ListFormat('fr').format(parts);
}

function keptEn({ kept, keepsOrganisation, registrations, attended }: MessageOf<'thanks'>): string {
  const parts = [withText('your name', kept.name), withText('your address', kept.email), 'your language'];
  if (keepsOrganisation) parts.push(withText('your organisation', kept.organisation));
  parts.push(counted(registrations, 'en', ['registration with its history', 'registrations with their history']));
  if (attended.length > 0) parts.push('the times when you arrived');
  parts.push('the list of messages sent');
  return new Intl.ListFormat('en-GB').format(parts);
}

/** “votre nom (Zoé)”, or “votre nom” if the reader may not see the text. */
function withText(what: string, text: string | undefined): string {
  return text ? `${what} (${text})` : what;
}
