import type { Output } from './host.ts';

/** The most bytes kept of each stream where a command does not say. */
const DEFAULT_OUTPUT_LIMIT_BYTES = 64 * 1024;

/** Keeps the first bytes of both streams of a command and drops the rest, so that it cannot fill the memory. */
export interface CappedOutput {
  /** Takes the next bytes of standard output. */
  readonly addStdout: (chunk: Buffer) => void;
  /** Takes the next bytes of standard error. */
  readonly addStderr: (chunk: Buffer) => void;
  /** What was kept so far. */
  read(): Output;
}

/** Makes a buffer that keeps at most so many bytes of each stream; 64 KiB where it is not given. */
export function createCappedOutput(limitBytes = DEFAULT_OUTPUT_LIMIT_BYTES): CappedOutput {
  const stdout = createCappedStream(limitBytes);
  const stderr = createCappedStream(limitBytes);
  return {
    addStdout: stdout.add,
    addStderr: stderr.add,
    read: () => ({
      stdout: stdout.bytes(),
      stderr: stderr.bytes(),
      truncated: stdout.isTruncated() || stderr.isTruncated(),
    }),
  };
}

function createCappedStream(limitBytes: number) {
  const chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  return {
    add: (chunk: Buffer) => {
      const rest = limitBytes - kept;
      if (chunk.length > rest) truncated = true;
      const part = chunk.subarray(0, rest);
      if (part.length > 0) chunks.push(part);
      kept += part.length;
    },
    bytes: () => Buffer.concat(chunks),
    isTruncated: () => truncated,
  };
}
