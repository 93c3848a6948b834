import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait for a condition, and how often to look. */
export interface WaitOptions {
  /** What is waited for, as it reads in the error: "sshd to listen". */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Text that explains the state, such as the end of a log; added to the error. */
  readonly explain?: () => string;
}

/**
 * Asks until the answer is neither undefined nor false, and returns it. What the condition throws counts as "not yet".
 * Throws when the time is over, with the last failure as its cause, or when the signal aborts.
 */
export async function waitUntil<Value>(
  condition: () => Promise<Value | undefined | false> | Value | undefined | false,
  options: WaitOptions,
): Promise<Value> {
  const { timeoutMs = 20_000, intervalMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  while (performance.now() < deadline) {
    options.signal?.throwIfAborted();
    try {
      const value = await withinTime(condition, deadline - performance.now());
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(intervalMs, undefined, { signal: options.signal });
  }
  const explanation = options.explain?.().trim() ?? '';
  throw new Error(
    `waited ${timeoutMs / 1000} s for ${options.what}${explanation === '' ? '' : `:\n${explanation}`}`,
    { cause },
  );
}

/** A condition that hangs, such as a peer that never answers, counts as "not yet", too. */
async function withinTime<Value>(
  condition: () => Promise<Value> | Value,
  milliseconds: number,
): Promise<Value> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(new Error('no answer yet')), milliseconds);
  try {
    return await Promise.race([condition(), over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
