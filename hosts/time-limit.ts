/** A command that does not end by SIGTERM when its time is over is killed this long after it. */
export const KILL_AFTER_SECONDS = 5;

/**
 * How long the output may stay silent, after a command has ended, before that is taken for its end: a service that the
 * command started may hold the stream open for as long as it runs.
 */
export const DRAIN_IDLE_MS = 1000;

/** Puts timeout(1) before a command, so that whatever becomes of us, it ends. Its limit is in whole seconds, 1 at the least. */
export function underTimeout(
  argv: readonly [string, ...string[]],
  timeoutSeconds: number,
): [string, ...string[]] {
  const seconds = String(Math.max(1, Math.ceil(timeoutSeconds)));
  return ['timeout', `--kill-after=${KILL_AFTER_SECONDS}`, seconds, ...argv];
}

/** Whether timeout(1) ended the command: it exits with 124 then, and with 137 where it had to kill it. */
export function endedByTimeout(exitCode: number): boolean {
  return exitCode === 124 || exitCode === 137;
}

/** How the reason of an outcome says it. */
export function timedOutReason(timeoutSeconds: number): string {
  return `timed out after ${timeoutSeconds} s`;
}
