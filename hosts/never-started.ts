import type { HostErrorCode, Outcome } from './host.ts';

/** The outcome of a command that surely was not started, and why. */
export function neverStarted(reason: string, code?: HostErrorCode): Outcome {
  const nothing = Buffer.alloc(0);
  return {
    kind: 'failed',
    exitCode: undefined,
    reason,
    ...(code === undefined ? {} : { code }),
    stdout: nothing,
    stderr: nothing,
    truncated: false,
  };
}
