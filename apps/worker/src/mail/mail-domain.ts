import type { Configuration } from '#platform';

/** The domain of the sender's address: of Message-IDs and of signatures. */
export function mailDomain({ MAIL_FROM }: Configuration): string {
  return /@([^<>\s]+?)>?\s*$/.exec(MAIL_FROM)?.[1] ?? 'localhost';
}
