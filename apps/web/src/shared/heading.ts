import { type RefObject, useEffect } from 'react';
import { useLocation } from 'wouter';

/** The path of the last shown page. */
let shownPath = location.pathname;
/** Whether the reader navigated to a page whose heading is not rendered yet. */
let headingPending = false;
/** Whether the reader used the browser's “back” or “forward”, which restores the scroll position. */
let traversed = false;

window.addEventListener('popstate', () => {
  traversed = true;
});

/**
 * Sets the title of the document to the heading of the page, also when the heading changes. After a navigation the heading takes the focus, so that
 * screen readers read it. If another element of the page has taken the focus, the focus does not move.
 */
export function useHeading(main: RefObject<HTMLElement | null>): void {
  const [path] = useLocation();
  useEffect(() => {
    const content = main.current;
    if (!content) return;
    if (path !== shownPath) startPage(path);
    const update = () => {
      const heading = content.querySelector('h1');
      const text = heading?.textContent.trim();
      if (!heading || !text) return;
      const title = `${text} · Comptoir`;
      if (document.title !== title) document.title = title;
      if (headingPending) takeFocusAfterNavigation(content, heading);
      headingPending = false;
    };
    if (headingPending) takeFocusAfterNavigation(content, content);
    update();
    const observer = new MutationObserver(update);
    observer.observe(content, { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  }, [path]);
}

function startPage(path: string): void {
  shownPath = path;
  headingPending = true;
  document.title = 'Comptoir';
  if (!traversed) window.scrollTo({ top: 0, behavior: 'instant' });
  traversed = false;
}

function takeFocusAfterNavigation(content: HTMLElement, element: HTMLElement): void {
  const { activeElement } = document;
  if (activeElement !== content && content.contains(activeElement)) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
