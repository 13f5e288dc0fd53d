import { Component, type ReactNode, useEffect } from 'react';
import { useWords } from './words/index.ts';

/** The id of the build that made this page. */
export const BUILD_ID = document.querySelector<HTMLMetaElement>('meta[name=build]')?.content ?? '';

const RELOADED = 'comptoir-reloaded';

/**
 * Reloads a page that was open during a deployment and requests files that do not exist any more. Reloads once for each build, and not without
 * network. Returns whether it reloads.
 */
export function reloadOnce(): boolean {
  try {
    if (!navigator.onLine || sessionStorage.getItem(RELOADED) === BUILD_ID) return false;
    sessionStorage.setItem(RELOADED, BUILD_ID);
  } catch {
    // Without storage the page cannot know that it has reloaded, and could reload without end.
    return false;
  }
  location.reload();
  return true;
}

/** Shows a button that reloads, if a page cannot be rendered or its files cannot be loaded. */
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
    // After a crash, only a reload shows the page of the new address.
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
