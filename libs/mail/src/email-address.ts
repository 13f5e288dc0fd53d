/** The address of a sender: `a@b.c` for `Name <a@b.c>` and for `a@b.c`. */
export function emailAddress(sender: string): string {
  return /<([^<>]+)>/.exec(sender)?.[1] ?? sender;
}

/** The domain of a sender's address; `localhost` if it has none. */
export function emailDomain(sender: string): string {
  return /@([^<>\s]+?)>?\s*$/.exec(sender)?.[1] ?? 'localhost';
}
