import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
/** The terminal sends these to the command itself, so sending them on would be once too often. */
const FROM_TERMINAL: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGHUP'];

/** How a command ended: its exit code as a shell would give it, and why it did not start where it did not. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly problem?: string;
}

/**
 * Runs a command without a shell, on the standard input, output and error of this process, and sends signals on to it. Resolves when it
 * has ended: with its exit code, with 128 and the number of the signal that ended it, or with 127 or 126 where it could not be started.
 */
export function runAttached(
  argv: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<CommandEnd> {
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env, cwd });
    const listeners = FORWARDED.map((signal) => {
      const listener = () => {
        if (!(process.stdin.isTTY && FROM_TERMINAL.includes(signal))) child.kill(signal);
      };
      process.on(signal, listener);
      return { signal, listener };
    });
    const finish = (end: CommandEnd) => {
      for (const { signal, listener } of listeners) process.off(signal, listener);
      resolve(end);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      finish({ exitCode: error.code === 'ENOENT' ? 127 : 126, problem: `${program}: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      finish({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });
}
