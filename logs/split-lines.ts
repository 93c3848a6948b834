/** A longer line is cut, and counted as cut. */
export const LINE_LIMIT_BYTES = 64 * 1024;

/** The line that has begun and not ended, one character for each byte, so that it can be kept as JSON. */
export interface OpenLine {
  readonly bytes: string;
  readonly isCut: boolean;
}

/** No line has begun. */
export const noOpenLine: OpenLine = { bytes: '', isCut: false };

/** What more bytes of a log gave. */
export interface SplitLines {
  readonly lines: readonly string[];
  readonly open: OpenLine;
  /** Lines that were cut. */
  readonly cut: number;
}

const LINE_FEED = 10;

/**
 * Cuts more bytes of a log into lines, beginning with the line that was open. Bytes that are not UTF-8 become U+FFFD. A line
 * takes no more memory than its limit.
 */
export function splitLines(before: OpenLine, bytes: Buffer): SplitLines {
  const lines: string[] = [];
  let open = before;
  let cut = 0;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    const line = append(open, bytes.subarray(start, end));
    lines.push(textOf(line));
    if (line.isCut) cut += 1;
    open = noOpenLine;
    start = end + 1;
  }
  return { lines, open: append(open, bytes.subarray(start)), cut };
}

/** The text of a line. */
export function textOf({ bytes }: OpenLine): string {
  return Buffer.from(bytes, 'latin1').toString('utf8').replace(/\r$/, '');
}

function append({ bytes, isCut }: OpenLine, more: Buffer): OpenLine {
  const added = bytes === '' ? withoutLeadingZeros(more) : more;
  const room = LINE_LIMIT_BYTES - bytes.length;
  return {
    bytes: bytes + added.toString('latin1', 0, Math.min(room, added.length)),
    isCut: isCut || added.length > room,
  };
}

/** A writer that does not append leaves a hole of zeros where its file was truncated. */
function withoutLeadingZeros(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start === -1 ? Buffer.alloc(0) : bytes.subarray(start);
}
