import type { ClientChannel } from 'ssh2';

/** What to do with a channel while its command runs. */
export interface ChannelUse {
  readonly stdin: string | Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Settles when the connection below is gone. */
  readonly lost: Promise<string>;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

/** How a command on a channel ended: with an exit code, or without anybody knowing. */
export type EndOfChannel =
  { readonly kind: 'exited'; readonly exitCode: number } | { readonly kind: 'cut'; readonly reason: string };

/**
 * Follows a command to its end. A channel that closes without an exit code is `cut`: the command may have run, or not.
 * Never rejects.
 */
export function runOnChannel(channel: ClientChannel, use: ChannelUse): Promise<EndOfChannel> {
  channel.on('data', use.onStdout);
  channel.stderr.on('data', use.onStderr);
  channel.on('error', () => undefined);
  channel.end(use.stdin === undefined ? undefined : Buffer.from(use.stdin));
  return new Promise((resolve) => {
    let exit: EndOfChannel | undefined;
    const settle = (end: EndOfChannel) => {
      clearTimeout(timer);
      use.signal?.removeEventListener('abort', onAbort);
      resolve(end);
    };
    const cut = (reason: string) => {
      channel.close();
      settle({ kind: 'cut', reason });
    };
    const onAbort = () => cut('aborted while it ran');
    const timer = setTimeout(() => cut('no answer in time'), use.timeoutMs);
    use.signal?.addEventListener('abort', onAbort, { once: true });
    void use.lost.then((reason) => settle(exit ?? { kind: 'cut', reason: `connection lost: ${reason}` }));
    channel.on('exit', (code: number | null, signal?: string) => {
      exit =
        code === null
          ? { kind: 'cut', reason: `ended by ${signal ?? 'a signal'}` }
          : { kind: 'exited', exitCode: code };
    });
    channel.on('close', () =>
      settle(exit ?? { kind: 'cut', reason: 'the channel closed without an exit code' }),
    );
  });
}
