import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Terminal } from './command.ts';

/** The terminal, or whatever stands in its place, that this process was started from. */
export const terminal: Terminal = {
  print: (text) => void process.stdout.write(text),
  say,
  hint(line) {
    if (process.stderr.isTTY) say(line);
  },
  progress(line) {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
  },
  async ask(question) {
    if (!process.stdin.isTTY) return undefined;
    const line = createInterface({ input: process.stdin, output: process.stderr });
    line.once('SIGINT', () => {
      line.close();
      process.kill(process.pid, 'SIGINT');
    });
    try {
      // The end of the input rejects the question (Ctrl-D) or leaves it open for ever (a terminal that went away).
      const answer = line.question(question).catch(() => undefined);
      return await Promise.race([answer, once(line, 'close').then(() => undefined)]);
    } finally {
      line.close();
    }
  },
};

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Reports what could not be written, such as half a script on a full disk. A reader that has seen enough is no failure to tell of. */
export function watchStandardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') say(`standard output cannot be written: ${error.message}`);
    process.exitCode = 1;
  });
}
