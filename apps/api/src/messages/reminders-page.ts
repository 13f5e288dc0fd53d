/** `ask`: with the button; `ended`: the reminders are off; `unknown`: the link is not valid. */
export type RemindersState = 'ask' | 'ended' | 'unknown';

const STYLE = `
:root { color-scheme: light dark }
body { margin: 0; padding: 3rem 1.25rem; background: #fbf7ef; color: #1d2430; font: 1.0625rem/1.55 "Source Sans 3", "Segoe UI", sans-serif }
main { max-width: 32rem; margin: 0 auto }
h1 { margin: 0 0 .75rem; font: 600 1.75rem/1.25 Fraunces, Georgia, serif }
button { min-height: 48px; padding: 0 1.5rem; border: 0; border-radius: 10px; background: #12406b; color: #fff; font: inherit; font-weight: 600; cursor: pointer }
button:focus-visible, a:focus-visible { outline: 3px solid #d98e04; outline-offset: 2px }
a { color: #12406b }
@media (prefers-color-scheme: dark) {
  body { background: #14181f; color: #f2ecdf }
  a { color: #8fc1f0 }
  button { background: #8fc1f0; color: #0f1a26 }
}`;

type Words = Record<RemindersState, { title: string; lead: string }> & { button: string; home: string };

/** By language: all those of the pages, which are more than those of mails. */
const words = {
  fr: {
    ask: {
      title: 'Ne plus recevoir de rappels',
      lead: 'Vous ne recevrez plus de rappel avant vos Cafés. Vos places restent les vôtres, et les autres messages continuent.',
    },
    ended: {
      title: 'Vous ne recevrez plus de rappels',
      lead: 'Vos places restent les vôtres. Vous pouvez demander de nouveau des rappels dans vos réglages.',
    },
    unknown: {
      title: 'Ce lien n’est plus valable',
      lead: 'Copiez l’adresse entière depuis le message, ou changez les rappels dans vos réglages.',
    },
    button: 'Ne plus recevoir de rappels',
    home: 'Voir mes réglages',
  },
  en: {
    ask: {
      title: 'Get no more reminders',
      lead: 'You will get no more reminders before your Cafés. Your seats stay yours, and other messages go on.',
    },
    ended: {
      title: 'You get no more reminders',
      lead: 'Your seats stay yours. You can ask for reminders again in your settings.',
    },
    unknown: {
      title: 'This link is no longer valid',
      lead: 'Copy the whole address from the message, or change the reminders in your settings.',
    },
    button: 'Get no more reminders',
    home: 'See my settings',
  },
  de: {
    ask: {
      title: 'Keine Erinnerungen mehr erhalten',
      lead: 'Sie erhalten vor Ihren Cafés keine Erinnerung mehr. Ihre Plätze bleiben Ihnen, und alle anderen Nachrichten kommen weiter.',
    },
    ended: {
      title: 'Sie erhalten keine Erinnerungen mehr',
      lead: 'Ihre Plätze bleiben Ihnen. In Ihren Einstellungen können Sie Erinnerungen wieder einschalten.',
    },
    unknown: {
      title: 'Dieser Link gilt nicht mehr',
      lead: 'Kopieren Sie die ganze Adresse aus der Nachricht, oder ändern Sie die Erinnerungen in Ihren Einstellungen.',
    },
    button: 'Keine Erinnerungen mehr erhalten',
    home: 'Meine Einstellungen ansehen',
  },
  es: {
    ask: {
      title: 'No recibir más recordatorios',
      lead: 'No recibirá más recordatorios antes de sus Cafés. Sus plazas siguen siendo suyas, y los demás mensajes continúan.',
    },
    ended: {
      title: 'Ya no recibirá recordatorios',
      lead: 'Sus plazas siguen siendo suyas. Puede volver a pedir recordatorios en sus ajustes.',
    },
    unknown: {
      title: 'Este enlace ya no es válido',
      lead: 'Copie la dirección completa del mensaje, o cambie los recordatorios en sus ajustes.',
    },
    button: 'No recibir más recordatorios',
    home: 'Ver mis ajustes',
  },
  pt: {
    ask: {
      title: 'Deixar de receber lembretes',
      lead: 'Não receberá mais lembretes antes dos seus Cafés. Os seus lugares continuam a ser seus, e as outras mensagens continuam.',
    },
    ended: {
      title: 'Já não recebe lembretes',
      lead: 'Os seus lugares continuam a ser seus. Pode voltar a pedir lembretes nas suas definições.',
    },
    unknown: {
      title: 'Esta ligação já não é válida',
      lead: 'Copie o endereço completo da mensagem, ou mude os lembretes nas suas definições.',
    },
    button: 'Deixar de receber lembretes',
    home: 'Ver as minhas definições',
  },
  ar: {
    ask: {
      title: 'إيقاف التذكيرات',
      lead: 'لن تصلكم تذكيرات قبل مقاهيكم بعد الآن. تبقى مقاعدكم لكم، وتستمر الرسائل الأخرى.',
    },
    ended: {
      title: 'لن تصلكم تذكيرات بعد الآن',
      lead: 'تبقى مقاعدكم لكم. يمكنكم طلب التذكيرات من جديد في إعداداتكم.',
    },
    unknown: {
      title: 'لم يعد هذا الرابط صالحًا',
      lead: 'انسخوا العنوان كاملًا من الرسالة، أو غيّروا التذكيرات في إعداداتكم.',
    },
    button: 'إيقاف التذكيرات',
    home: 'عرض إعداداتي',
  },
} satisfies Record<string, Words>;

export type RemindersLanguage = keyof typeof words;
export const remindersLanguages = Object.keys(words) as RemindersLanguage[];

/** The page of the link that turns reminders off: plain HTML, so that it works without scripts and in all browsers. */
export function remindersPage(state: RemindersState, language: RemindersLanguage): string {
  const { button, home, [state]: text }: Words = words[language];
  // A form without an action is sent to the address of its page, with the token.
  const form =
    state === 'ask'
      ? `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${button}</button></form>`
      : `<p><a href="/me/settings">${home}</a></p>`;
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title} – Comptoir</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text.title}</h1>
<p>${text.lead}</p>
${form}
</main>
</body>
</html>
`;
}
