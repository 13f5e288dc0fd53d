import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** The element that takes the focus as soon as it is rendered, after the button that had the focus disappeared. */
let wanted: { place: string; path: string } | undefined;

/** Call it when a button is pressed that will disappear. @param place the name that the next element passes to `useFocusWhenWanted` */
export function wantFocus(place: string): void {
  wanted = { place, path: location.pathname };
}

/** Focuses the element if `wantFocus` named it; an element that appears by itself takes no focus. */
export function useFocusWhenWanted<Shown extends HTMLElement>(place: string): RefObject<Shown | null> {
  const shown = useRef<Shown>(null);
  useEffect(() => {
    if (wanted?.place !== place || wanted.path !== location.pathname || !shown.current) return;
    wanted = undefined;
    shown.current.focus();
  });
  return shown;
}

/** Moves the focus to the page's content when the element that has it disappears by itself. */
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
