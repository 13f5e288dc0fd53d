import { greetingName } from './names.ts';

/**
 * A text that a visitor typed: a name, an organisation, an address. It is no string, so that no message can carry it by mistake: the
 * words of a message see it only where the mail goes to an address that is proved (`shown` in typed.ts). Whoever typed it may not be
 * the person who reads the mail.
 */
export class TypedText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text as it was typed, for a reader whose address is proved; undefined for every other reader. */
  shownTo({ proved }: { proved: boolean }): string | undefined {
    return proved ? this.#text : undefined;
  }

  /** The first name in it, if it is one: all that a reader whose address is not proved may see. */
  get greetingName(): string | undefined {
    return greetingName(this.#text);
  }
}

/** The same facts as the words of a message see them: each typed text is a string, or nothing where the reader may not see it. */
export type Shown<Facts> = Facts extends TypedText
  ? string | undefined
  : Facts extends (infer Each)[]
    ? Shown<Each>[]
    : Facts extends object
      ? { [Key in keyof Facts]: Shown<Facts[Key]> }
      : Facts;
