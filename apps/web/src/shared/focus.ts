import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** The element that takes the focus when it is rendered. The button that had the focus has disappeared. */
let wanted: { place: string; path: string } | undefined;

/** Call it when a button is pressed that will disappear. @param place the name that the next element gives to `useFocusWhenWanted` */
export function wantFocus(place: string): void {
  wanted = { place, path: location.pathname };
}

/** Focuses the element if `wantFocus` was called with its name. */
export function useFocusWhenWanted<Shown extends HTMLElement>(place: string): RefObject<Shown | null> {
  const shown = useRef<Shown>(null);
  useEffect(() => {
    if (wanted?.place !== place || wanted.path !== location.pathname || !shown.current) return;
    wanted = undefined;
    shown.current.focus();
  });
  return shown;
}

/** Moves the focus to the page's content when the element that has the focus disappears by itself. */
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

/** A `ref` that focuses an element when it replaces the element that had the focus. */
export function takeFocus(element: HTMLElement | null): void {
  if (element && document.activeElement?.contains(element)) element.focus();
}

/** A `ref` that focuses an element if it `arrived` as the answer to an action, and not with the page. */
export function useArrival(arrived: boolean): typeof takeFocus | undefined {
  const [atFirst] = useState(arrived);
  return atFirst ? takeFocus : undefined;
}
