import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { codeOf } from './code-of.ts';

const MAX_BYTES = 1024 * 1024;
const OTHERS_WRITE = 0o022;

/** What was found where something else was expected. */
export interface Mismatch {
  readonly found: string;
  readonly expected: string;
}

/**
 * Reads a small file of the configuration, at once, so that a connection or request cannot come in between. A file that other
 * accounts can change is refused.
 */
export function readSmallFile(path: string): string | Mismatch {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return mismatchOf(path, fstatSync(file)) ?? readFileSync(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { found: `no file at ${path}`, expected: 'a file' };
    return {
      found: `${path}, which cannot be read (${code})`,
      expected: 'a file that this account may read',
    };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function mismatchOf(path: string, status: Stats): Mismatch | undefined {
  if (!status.isFile()) return { found: `${path}, which is no file`, expected: 'a file' };
  if ((status.mode & OTHERS_WRITE) !== 0) {
    return {
      found: `${path}, which other accounts can change`,
      expected: 'a file of one account; run chmod go-w on it',
    };
  }
  if (status.size > MAX_BYTES) return { found: `more than 1 MiB in ${path}`, expected: 'a smaller file' };
  return undefined;
}
