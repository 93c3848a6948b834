import { execFile } from 'node:child_process';

/** What a command that succeeded wrote. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Rejects where it cannot be started or fails, with what it wrote in the message. */
export function runCommand(
  argv: readonly [string, ...string[]],
  options: { readonly stdin?: string; readonly cwd?: string; readonly timeoutMs?: number } = {},
): Promise<CommandResult> {
  const [program, ...args] = argv;
  const { stdin, cwd, timeoutMs = 120_000 } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else
          reject(
            new Error(`${program} failed: ${`${stderr}${stdout}`.trim() || error.message}`, { cause: error }),
          );
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin ?? '');
  });
}
