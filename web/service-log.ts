import { writeSync } from 'node:fs';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Writes bytes to a file descriptor as `writeSync` does, and throws as it does. */
type Write = (bytes: Buffer) => number;

const STANDARD_OUTPUT = 1;

/**
 * Makes the log of a service: JSON, one line each, on standard output. A line that cannot be written, as on a full disk, is lost, and the log
 * says how many were once it can: pino's own output tries the same line again for ever, and the service stands still meanwhile.
 */
export function createServiceLog(name: string): Logger {
  return pino(
    { name },
    lossyOutput((bytes) => writeSync(STANDARD_OUTPUT, bytes)),
  );
}

/** Makes the output that would rather lose a line than wait. */
export function lossyOutput(write: Write): DestinationStream {
  let lost = 0;
  let isTorn = false;

  function put(line: string): void {
    let rest = Buffer.from(isTorn ? `\n${line}` : line);
    while (rest.length > 0) {
      rest = rest.subarray(write(rest));
      isTorn = rest.length > 0;
    }
  }

  return {
    write(line) {
      try {
        if (lost > 0)
          put(
            `${JSON.stringify({ level: 40, time: Date.now(), lost, msg: 'lines of this log are lost' })}\n`,
          );
        lost = 0;
        put(line);
      } catch {
        lost += 1;
      }
    },
  };
}
