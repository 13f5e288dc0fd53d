import type { Prisma } from '#platform';

export type Transaction = Prisma.TransactionClient;

/** Who changes a programme, and how what it does to seats is decided. Left out: a command, which decides nothing for people. */
export interface Author {
  /** The attendee who makes the change. */
  by?: string;
  /** Why, in their words: the mails about the change contain it. */
  reason?: string;
  /** As in `CafeEdit`. */
  asTarget?: boolean;
  undoable?: boolean;
  expectTaken?: number;
  expectWaitlisted?: number;
  clashes?: 'swap' | 'keep' | 'cancel';
  excess?: 'refuse' | 'cancel';
}
