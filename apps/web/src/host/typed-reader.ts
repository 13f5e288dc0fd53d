import { useEffect, useRef } from 'react';

/** Keys further apart than this do not belong to one scan, in milliseconds. */
const GAP_MAX_MS = 1_000;
/** Fewer characters are no scan. */
const SCAN_MIN = 6;
/** The most characters of a scan that are kept. */
const SCAN_MAX = 512;
/** The text of a ticket (docs/tickets.md): nobody types it by hand. It may follow what was typed before. */
const TICKET = /A[gQ][\w-]{130,}$/;
/** The keys that end a scan; which one depends on the reader. */
const ENDS = ['Enter', 'Tab'];

/** Finds scans among keys: a ticket reader types the text of a ticket, and then a final key. */
export class KeyBuffer {
  #text = '';
  #at = Number.NEGATIVE_INFINITY;

  /** Whether the next key begins a scan. @param at milliseconds */
  isEmpty(at: number): boolean {
    return this.#text === '' || at - this.#at > GAP_MAX_MS;
  }

  /** Takes a key. Returns the text where the key ends a scan. */
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
 * Takes what a ticket reader types anywhere on the page. Its final key presses no button. In a field where people type, only a ticket is taken, and the
 * field has what it had before.
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

/** Sets the value of a field as typing does, so that React learns of it. */
function setValue(field: HTMLInputElement, value: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
