import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** What is to have the keyboard's focus as soon as it shows: what had it goes away by being pressed. */
let wanted: { place: string; path: string } | undefined;

/** Call it when something is pressed that goes away. @param place what `useFocusWhenWanted` names it, where it will show on this page */
export function wantFocus(place: string): void {
  wanted = { place, path: location.pathname };
}

/** Takes the focus where it was wanted, and else leaves it alone: what shows by itself interrupts nobody. */
export function useFocusWhenWanted<Shown extends HTMLElement>(place: string): RefObject<Shown | null> {
  const shown = useRef<Shown>(null);
  useEffect(() => {
    if (wanted?.place !== place || wanted.path !== location.pathname || !shown.current) return;
    wanted = undefined;
    shown.current.focus();
  });
  return shown;
}

/** Hands the focus to the page's content when what has it goes away by itself. */
export function useFocusHandedOn<Shown extends HTMLElement>(): RefObject<Shown | null> {
  const shown = useRef<Shown>(null);
  useLayoutEffect(
    () => () => {
      if (shown.current?.contains(document.activeElement)) {
        document.getElementById('main')?.focus({ preventScroll: true });
      }
    },
    [],
  );
  return shown;
}
