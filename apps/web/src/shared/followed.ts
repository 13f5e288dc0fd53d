import { useCallback, useEffect, useState } from 'react';
import type { LiveClient, Unwatch } from '../../../../libs/client/src/index.ts';
import { ApiProblem, mayPass } from './api.ts';
import { POLL_MS, useConnected, useLive } from './live.ts';

/** Something that the API answers and the gateway pushes. `key`, `read`, `version` and `watch` must stay the same from one drawing to the next. */
export interface FollowOptions<Value> {
  /** Names the value; undefined while it is not to be shown. */
  key: string | undefined;
  /** Reads it from the API. */
  read: () => Promise<Value>;
  /** Grows from one state to the next: an older one is dropped. */
  version: (value: Value) => number;
  watch: (live: LiveClient, take: (value: Value) => void, refused: () => void) => Unwatch;
}

/**
 * Reads a value from the API at once, and again and again while the live connection is away; follows what is pushed while it is there. `error`: why it
 * cannot be read; undefined while an older value is shown and the error may pass.
 */
export function useFollowed<Value>({ key, read, version, watch }: FollowOptions<Value>): {
  value?: Value;
  error?: unknown;
} {
  const live = useLive();
  const connected = useConnected();
  const [known, setKnown] = useState<{ key: string; value?: Value; error?: unknown }>();
  const take = useCallback(
    (value: Value) => {
      if (!key) return;
      setKnown((before) => {
        const older = before?.key === key && before.value && version(before.value) > version(value);
        return older ? before : { key, value };
      });
    },
    [key, version],
  );
  const refresh = useCallback(async () => {
    if (!key) return;
    await read().then(take, (error: unknown) =>
      setKnown((before) => {
        const shown = before?.key === key && mayPass(error) ? before.value : undefined;
        return { key, value: shown, error };
      }),
    );
  }, [key, read, take]);
  useEffect(() => {
    if (!key || !live) return;
    // The API says why it was refused.
    return watch(live, take, () => void refresh());
  }, [key, live, watch, take, refresh]);
  useEffect(() => {
    if (!key || connected) return;
    void refresh();
    const timer = setInterval(refresh, POLL_MS);
    return () => clearInterval(timer);
  }, [key, connected, refresh]);
  if (!key || known?.key !== key) return {};
  return { value: known.value, error: known.value && mayPass(known.error) ? undefined : known.error };
}

/** Whether something is not there, or not theirs to see: asking again does not help. */
export function isRefused(error: unknown): boolean {
  return error instanceof ApiProblem && !mayPass(error);
}
