import { execFile } from 'node:child_process';

/** What a program wrote, and how it ended. */
export interface QuietEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether there is no such program. */
  readonly isMissing: boolean;
}

const LIMITS = { timeout: 20_000, maxBuffer: 4 * 1024 * 1024 };

/** Runs a program without a terminal, for at most 20 seconds. How it ends is the answer, also where it fails. */
export function runQuiet(argv: readonly [string, ...string[]], cwd?: string): Promise<QuietEnd> {
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    const child = execFile(program, args, { ...LIMITS, cwd }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      const isMissing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      resolve({ exitCode, stdout, stderr, isMissing });
    });
    child.stdin?.end();
  });
}
