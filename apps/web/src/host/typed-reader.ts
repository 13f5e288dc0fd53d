import { useEffect, useRef } from 'react';

/** The longest pause between two keys of one scan, in milliseconds. */
const GAP_MAX_MS = 1_000;
/** The fewest characters of a scan. */
const SCAN_MIN = 6;
/** The most characters of a scan. Of more, only the last ones are used. */
const SCAN_MAX = 512;
/** The text of a ticket (docs/tickets.md) at the end of the typed text. It is too long to be typed by hand. */
const TICKET = /A[gQ][\w-]{130,}$/;
/** The keys that end a scan; which one depends on the reader. */
const ENDS = ['Enter', 'Tab'];

/** Finds scans among typed keys: a ticket reader types the text of a ticket and a final key. */
export class KeyBuffer {
  #text = '';
  #at = Number.NEGATIVE_INFINITY;

  /** Whether the next key begins a scan. @param at milliseconds */
  isEmpty(at: number): boolean {
    return this.#text === '' || at - this.#at > GAP_MAX_MS;
  }

  /** Adds a key. Returns the text of the scan if the key ends one. @param at milliseconds */
  take(key: string, at: number): string | undefined {
    if (this.isEmpty(at)) this.#text = '';
    this.#at = at;
    if (ENDS.includes(key)) {
      const text = this.#text;
      this.#text = '';
      return text.length >= SCAN_MIN ? text : undefined;
    }
    if (key.length === 1) this.#text = (this.#text + key).slice(-SCAN_MAX);
    // Readers press Shift for capitals.
    else if (key !== 'Shift' && key !== 'CapsLock') this.#text = '';
    return undefined;
  }
}

/**
 * Reads what a ticket reader types anywhere on the page. The final key of a scan presses no button. In a text field, only the text of a ticket
 * counts as a scan, and the field gets its earlier value back.
 * @param isCovered whether an answer covers the page, so that no field gets the keys
 */
export function useTypedReader(onTicket: (text: string) => void, isCovered: boolean): void {
  const latest = useRef({ onTicket, isCovered });
  latest.current = { onTicket, isCovered };
  useEffect(() => {
    const buffer = new KeyBuffer();
    let before = '';
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { target } = event;
      const isTyping = target instanceof HTMLInputElement && target.type !== 'checkbox' && !latest.current.isCovered;
      if (isTyping && buffer.isEmpty(event.timeStamp)) before = target.value;
      const text = buffer.take(event.key, event.timeStamp);
      if (text === undefined) return;
      const ticket = TICKET.exec(text)?.[0];
      if (isTyping && !ticket) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isTyping && ticket) setValue(target, before + text.slice(0, -ticket.length));
      latest.current.onTicket(ticket ?? text);
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}

/** Sets the value of a field and dispatches an `input` event, so that React notices the change. */
function setValue(field: HTMLInputElement, value: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
