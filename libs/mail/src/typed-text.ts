import { isolateDirection } from './bidi-isolation.ts';
import { greetingName } from './person-names.ts';

/**
 * A text that a visitor typed: a name, an organisation, an address. The person who typed it and the reader of the mail may be two
 * people. The class is not a string, so that no message contains the text by mistake: `showFacts` returns it as a string only when the mail
 * goes to a proved address.
 */
export class TypedText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text as it was typed if the reader's address is proved; otherwise undefined. */
  shownTo({ proved }: { proved: boolean }): string | undefined {
    return proved ? this.#text : undefined;
  }

  /** Returns the first name in the text, if it has one. A reader whose address is not proved sees no other part of the text. */
  get greetingName(): string | undefined {
    return greetingName(this.#text);
  }

  /**
   * Returns a person's name: the whole text for a reader whose address is proved; for other readers the first name, if the text has one.
   */
  nameShownTo(reader: { proved: boolean }): string | undefined {
    return this.shownTo(reader) ?? this.greetingName;
  }
}

/** The facts of a message that its texts may use: each `TypedText` is a string, or undefined if the reader may not see it. */
export type Shown<Facts> = Facts extends TypedText
  ? string | undefined
  : Facts extends (infer Each)[]
    ? Shown<Each>[]
    : Facts extends object
      ? { [Key in keyof Facts]: Shown<Facts[Key]> }
      : Facts;

/**
 * Prepares the facts of a message for its texts: each string is on one line with its direction isolated, and text that visitors typed is
 * present only if the reader's address is proved.
 */
export function showFacts<Facts>(facts: Facts, reader: { proved: boolean }): Shown<Facts> {
  if (facts instanceof TypedText) {
    const text = facts.shownTo(reader);
    return (text === undefined ? undefined : isolateDirection(text)) as Shown<Facts>;
  }
  if (typeof facts === 'string') return isolateDirection(facts) as Shown<Facts>;
  if (Array.isArray(facts)) return facts.map((each) => showFacts(each, reader)) as Shown<Facts>;
  if (typeof facts !== 'object' || facts === null) return facts as Shown<Facts>;
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, showFacts(value, reader)]),
  ) as Shown<Facts>;
}
