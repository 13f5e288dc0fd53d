import type { Locale } from '#contract';

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

const words: Record<
  Locale,
  Record<RemindersState, { title: string; lead: string }> & { button: string; home: string }
> = {
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
};

/** The page of the link that turns reminders off: plain HTML, so that it works without scripts and in all browsers. */
export function remindersPage(state: RemindersState, locale: Locale): string {
  const { button, home, [state]: text } = words[locale];
  // A form without an action is sent to the address of its page, with the token.
  const form =
    state === 'ask'
      ? `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${button}</button></form>`
      : `<p><a href="/me/settings">${home}</a></p>`;
  return `<!doctype html>
<html lang="${locale}">
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
