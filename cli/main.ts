import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { CommandError, type Command, type Terminal } from './command.ts';
import { commands } from './commands.ts';

/** A call that is wrong; the message says how. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

const terminal: Terminal = {
  print: (text) => void process.stdout.write(text),
  say: (line) => void process.stderr.write(`${line}\n`),
  async ask(question) {
    if (!process.stdin.isTTY) return undefined;
    const line = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await line.question(question);
    } finally {
      line.close();
    }
  },
};

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const command = commands.find(({ name }) => `${positionals.join(' ')} `.startsWith(`${name} `));
  if (values.help || positionals.length === 0) {
    terminal.print(command === undefined ? usage() : usageOf(command));
    return values.help ? 0 : 2;
  }
  if (command === undefined)
    throw new UsageError(
      `there is no command ${JSON.stringify(positionals.join(' '))}; steward --help lists them`,
    );
  const words = positionals.slice(command.name.split(' ').length);
  if (words.length !== command.parameters.length) throw new UsageError(usageOf(command).trimEnd());
  return command.run({ words, configFile: values.config, isJson: values.json, isYes: values.yes }, terminal);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string', default: 'steward.yml' },
        json: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function usage(): string {
  const width = Math.max(...commands.map((command) => callOf(command).length));
  const lines = commands.map((command) => `  ${callOf(command).padEnd(width)}  ${command.summary}`);
  return `Usage: steward <command> [--config steward.yml] [--json] [--yes]\n\n${lines.join('\n')}\n`;
}

function usageOf(command: Command): string {
  return `Usage: steward ${callOf(command)} [--config steward.yml]\n\n${command.summary}\n`;
}

function callOf({ name, parameters }: Command): string {
  return [name, ...parameters].join(' ');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  terminal.say(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
  if (!(error instanceof UsageError || error instanceof CommandError || error instanceof Error)) throw error;
}
