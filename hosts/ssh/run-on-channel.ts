import type { ClientChannel } from 'ssh2';
import { HostError } from '../host.ts';
import { DRAIN_IDLE_MS } from '../time-limit.ts';

/** What to do with a channel while its command runs. */
export interface ChannelUse {
  readonly stdin: string | Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Calls back when the connection below is gone; returns what takes the listener off. */
  readonly onLost: (listener: (reason: string) => void) => () => void;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

/**
 * How a command on a channel ended: with an exit code, without anybody knowing (it may have run, or not), or before the
 * host started it.
 */
export type EndOfChannel =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'cut'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Follows a command from the request for its channel to its end. Never rejects. Where the wait is cut short, the channel is
 * closed, but the command runs on until timeout(1) ends it: sshd takes no signal for a key with a forced command. One that the host has not begun by then is no
 * longer wanted: it would run after others were told that it may have, and have looked.
 */
export async function runOnChannel(
  open: (onOpen: (channel: ClientChannel) => void, isStillWanted: () => boolean) => Promise<ClientChannel>,
  use: ChannelUse,
): Promise<EndOfChannel> {
  const { promise, resolve } = Promise.withResolvers<EndOfChannel>();
  const known: { exit?: EndOfChannel } = {};
  let isOver = false;
  const cut = (reason: string) => resolve(known.exit ?? { kind: 'cut', reason });
  const onAbort = () => cut('aborted while it ran');
  const timer = setTimeout(() => cut('no answer in time'), use.timeoutMs);
  use.signal?.addEventListener('abort', onAbort, { once: true });
  const stopListening = use.onLost((reason) => cut(`connection lost: ${reason}`));
  const opening = open(
    (channel) => follow(channel, use, known, cut),
    () => !isOver,
  );
  opening.catch((error: unknown) => resolve(endOfFailedOpening(error)));
  try {
    return await promise;
  } finally {
    isOver = true;
    clearTimeout(timer);
    use.signal?.removeEventListener('abort', onAbort);
    stopListening();
    opening.then(
      (channel) => channel.close(),
      () => undefined,
    );
  }
}

/** Notes the exit code, and calls `end` once the output has ended, too. */
function follow(
  channel: ClientChannel,
  use: ChannelUse,
  known: { exit?: EndOfChannel },
  end: (reasonWithoutExit: string) => void,
): void {
  let drain: NodeJS.Timeout | undefined;
  const onClose = () => {
    clearTimeout(drain);
    end('the channel closed without an exit code');
  };
  channel.on('data', (chunk: Buffer) => {
    use.onStdout(chunk);
    drain?.refresh();
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    use.onStderr(chunk);
    drain?.refresh();
  });
  channel.on('error', () => undefined);
  channel.on('exit', (code: number | null, signal?: string) => {
    known.exit =
      code === null
        ? { kind: 'cut', reason: `ended by ${signal ?? 'a signal'}` }
        : { kind: 'exited', exitCode: code };
    drain = setTimeout(onClose, DRAIN_IDLE_MS);
  });
  channel.on('close', onClose);
  channel.end(use.stdin === undefined ? undefined : Buffer.from(use.stdin));
}

function endOfFailedOpening(error: unknown): EndOfChannel {
  const reason = error instanceof Error ? error.message : String(error);
  const surelyNotStarted = error instanceof HostError && error.code === 'unreachable';
  return { kind: surelyNotStarted ? 'refused' : 'cut', reason };
}
