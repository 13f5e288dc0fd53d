import { useCallback, useEffect, useState } from 'react';
import type { LiveClient, Unwatch } from '../../../../libs/client/src/index.ts';
import { ApiProblem, isTransient } from './api.ts';
import { POLL_MS, useConnected, useLive } from './live.ts';

/** How a value is read from the API and pushed by the gateway. `key`, `read`, `version` and `watch` must not change between renderings. */
export interface FollowOptions<Value> {
  /** The name of the value; undefined while it is not needed. */
  key: string | undefined;
  /** Reads it from the API. */
  read: () => Promise<Value>;
  /** Returns a number that grows with each state. Older states are ignored. */
  version: (value: Value) => number;
  watch: (live: LiveClient, take: (value: Value) => void, refused: () => void) => Unwatch;
}

/**
 * Reads a value from the API at once. Polls it while the live connection is closed, and uses the pushed values while it is open. `error`: why the
 * value cannot be read; undefined if the error is transient and an older value is shown.
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
        const shown = before?.key === key && isTransient(error) ? before.value : undefined;
        return { key, value: shown, error };
      }),
    );
  }, [key, read, take]);
  useEffect(() => {
    if (!key || !live) return;
    // If the gateway refuses the watch, the answer of the API contains the reason.
    return watch(live, take, () => void refresh());
  }, [key, live, watch, take, refresh]);
  useEffect(() => {
    if (!key || connected) return;
    void refresh();
    const timer = setInterval(refresh, POLL_MS);
    return () => clearInterval(timer);
  }, [key, connected, refresh]);
  if (!key || known?.key !== key) return {};
  return { value: known.value, error: known.value && isTransient(known.error) ? undefined : known.error };
}

/** Whether an error is permanent: the value does not exist, or the person may not see it. */
export function isRefused(error: unknown): boolean {
  return error instanceof ApiProblem && !isTransient(error);
}
