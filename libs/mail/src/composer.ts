import type { MailAttachments } from './attachments.ts';
import type { Addressee, ComposedMail, MailMessage } from './message.ts';

/** Composes messages in the language of their addressee. */
export abstract class MailComposer {
  /**
   * Composes one message. Text that visitors typed appears only if the addressee's address is proved. It appears as it was typed, and is
   * never markup or a header.
   */
  abstract compose(message: MailMessage, to: Addressee): Promise<ComposedMail>;
}

/** The templates are loaded with the first message, to save memory in apps that send no mail. */
export function createMailComposer(attachments: MailAttachments): MailComposer {
  return {
    async compose(message, to) {
      const { composeMail } = await import('./compose.ts');
      return composeMail(message, to, attachments);
    },
  };
}
