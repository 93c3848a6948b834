/** The most bytes kept of each stream where a command does not say. */
export const DEFAULT_OUTPUT_LIMIT_BYTES = 64 * 1024;

/** Keeps the first bytes of a stream and drops the rest, so that a command cannot fill the memory. */
export interface CappedOutput {
  /** Takes the next bytes. */
  add(chunk: Buffer): void;
  /** The bytes kept. */
  bytes(): Buffer;
  /** Whether any byte was dropped. */
  isTruncated(): boolean;
}

/** Makes a buffer that keeps at most so many bytes. */
export function createCappedOutput(limitBytes: number): CappedOutput {
  const chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  return {
    add(chunk) {
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
