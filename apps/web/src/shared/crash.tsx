import { Component, type ReactNode, useEffect } from 'react';
import { useWords } from './words/index.ts';

/** The id of the build that made this page. */
export const BUILD_ID = document.querySelector<HTMLMetaElement>('meta[name=build]')?.content ?? '';

const RELOADED = 'comptoir-reloaded';

/**
 * Reloads a page that was open during a deployment and asks for files that are gone: once for each build. Returns whether it does; not
 * without network, where a reload changes nothing.
 */
export function reloadOnce(): boolean {
  try {
    if (!navigator.onLine || sessionStorage.getItem(RELOADED) === BUILD_ID) return false;
    sessionStorage.setItem(RELOADED, BUILD_ID);
  } catch {
    // Without storage, a reload that does not help would not end.
    return false;
  }
  location.reload();
  return true;
}

/** Shows a way out where a page cannot be drawn or its files cannot be loaded, instead of nothing. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crash /> : this.props.children;
  }
}

function Crash() {
  const { crash } = useWords();
  useEffect(() => {
    const reload = () => location.reload();
    window.addEventListener('online', reload);
    // The address changed, and only a reload draws the other page.
    window.addEventListener('popstate', reload);
    return () => {
      window.removeEventListener('online', reload);
      window.removeEventListener('popstate', reload);
    };
  }, []);
  return (
    <main className="crash">
      <h1>{crash.title}</h1>
      <p>{crash.next}</p>
      <div className="actions">
        <button type="button" className="primary" onClick={() => location.reload()}>
          {crash.reload}
        </button>
        <a href="/">Comptoir</a>
      </div>
      <p className="hint">{BUILD_ID}</p>
    </main>
  );
}
