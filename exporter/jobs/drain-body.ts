import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 64 * 1024;
const MAX_MS = 5000;

/**
 * Reads the body of a request to its end and drops it. Resolves with false where it is too long, too slow or cut off: then the connection
 * is of no more use.
 */
export function drainBody(request: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const finish = (isWhole: boolean) => {
      clearTimeout(timer);
      request.off('data', count);
      request.pause();
      resolve(isWhole);
    };
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) finish(false);
    };
    const timer = setTimeout(() => finish(false), MAX_MS);
    request.on('data', count);
    request.once('end', () => finish(true));
    request.once('error', () => finish(false));
    request.once('close', () => finish(request.complete));
  });
}
