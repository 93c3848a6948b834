import { HostError } from '../host.ts';

/** Waits for a promise, but no longer than until the signal aborts: rejects with the code `aborted` then. */
export async function abortable<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  const abort = Promise.withResolvers<never>();
  const onAbort = () => abort.reject(new HostError('aborted', 'aborted before it was started'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([abort.promise, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
