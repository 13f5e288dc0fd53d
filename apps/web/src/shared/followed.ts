import { useCallback, useEffect, useState } from 'react';
import type { LiveClient, Unwatch } from '../../../../libs/client/src/index.ts';
import { ApiProblem, call, mayPass } from './api.ts';
import { POLL_MS, useConnected, useLive } from './live.ts';

/** Something that the API answers and the gateway pushes. `path`, `version` and `watch` must stay the same from one drawing to the next. */
export interface FollowOptions<Value> {
  /** Of the call that reads it; undefined while it is not to be shown. */
  path: string | undefined;
  /** Grows from one state to the next: an older one is dropped. */
  version: (value: Value) => number;
  watch: (live: LiveClient, take: (value: Value) => void, refused: () => void) => Unwatch;
}

/**
 * Reads a value from the API at once, and again and again while the live connection is away; follows what is pushed while it is there. `error`: why it
 * cannot be read; undefined while an older value is shown and the error may pass.
 */
export function useFollowed<Value>({ path, version, watch }: FollowOptions<Value>): { value?: Value; error?: unknown } {
  const live = useLive();
  const connected = useConnected();
  const [known, setKnown] = useState<{ path: string; value?: Value; error?: unknown }>();
  const take = useCallback(
    (value: Value) => {
      if (!path) return;
      setKnown((before) => {
        const older = before?.path === path && before.value && version(before.value) > version(value);
        return older ? before : { path, value };
      });
    },
    [path, version],
  );
  const read = useCallback(async () => {
    if (!path) return;
    await call<Value>('GET', path).then(take, (error: unknown) =>
      setKnown((before) => {
        const shown = before?.path === path && mayPass(error) ? before.value : undefined;
        return { path, value: shown, error };
      }),
    );
  }, [path, take]);
  useEffect(() => {
    if (!path || !live) return;
    // The API says why it was refused.
    return watch(live, take, () => void read());
  }, [path, live, watch, take, read]);
  useEffect(() => {
    if (!path || connected) return;
    void read();
    const timer = setInterval(read, POLL_MS);
    return () => clearInterval(timer);
  }, [path, connected, read]);
  if (!path || known?.path !== path) return {};
  return { value: known.value, error: known.value && mayPass(known.error) ? undefined : known.error };
}

/** Whether something is not there, or not theirs to see: asking again does not help. */
export function isRefused(error: unknown): boolean {
  return error instanceof ApiProblem && !mayPass(error);
}
