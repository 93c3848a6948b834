import { parseArgs } from 'node:util';
import { ownOptions, type Command } from './command.ts';
import { commands } from './commands.ts';
import { terminal, watchStandardOutput } from './terminal.ts';

const optionNames = Object.keys(ownOptions) as (keyof typeof ownOptions)[];

/** A call that is wrong; the message says how. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals, rest } = parse(args);
  if (positionals.length === 0) {
    terminal.print(usage());
    return values.help ? 0 : 2;
  }
  const said = positionals.join(' ');
  const command = commands.find(({ name }) => `${said} `.startsWith(`${name} `));
  if (command === undefined)
    throw new UsageError(`there is no command ${JSON.stringify(said)}; steward --help lists them`);
  if (values.help) {
    terminal.print(`Usage: ${callOf(command)}\n\n${command.summary}\n`);
    return 0;
  }
  const stray = optionNames.find(
    (option) => (values[option] ?? false) !== false && !command.options.includes(option),
  );
  if (stray !== undefined) throw new UsageError(`--${stray} is not for this: ${callOf(command)}`);
  const words = positionals.slice(command.name.split(' ').length);
  if (rest.length > 0 && command.rest === undefined)
    throw new UsageError(`nothing stands after -- here: ${callOf(command)}`);
  const needed = command.parameters.filter((parameter) => !parameter.startsWith('['));
  if (words.length < needed.length || words.length > command.parameters.length)
    throw new UsageError(
      `${words.length < needed.length ? 'a word is missing' : 'too many words'}: ${callOf(command)}`,
    );
  return command.run(
    {
      words,
      rest,
      configFile: values.config,
      isJson: values.json,
      isYes: values.yes,
      target: values.target,
      duration: values.for,
      reason: values.reason,
      hosts: values.host ?? [],
      hostKeys: values['host-key'] ?? [],
      sites: values.site ?? [],
      key: values.key,
      isScriptShown: values['show-script'],
      isWithMeasurements: values.measurements,
      isOpenOnly: values.open,
      isOverwriting: values.overwrite,
    },
    terminal,
  );
}

/** What stands after the first `--` is not ours to read. */
function parse(args: readonly string[]) {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return { ...parseOwn(args.slice(0, end)), rest: args.slice(end + 1) };
}

function parseOwn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string', default: 'steward.yml' },
        json: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        target: { type: 'string' },
        for: { type: 'string' },
        reason: { type: 'string' },
        host: { type: 'string', multiple: true },
        'host-key': { type: 'string', multiple: true },
        key: { type: 'string' },
        site: { type: 'string', multiple: true },
        'show-script': { type: 'boolean', default: false },
        measurements: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        overwrite: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    // Node's first sentence says what is wrong; the others are guesses at what was meant.
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\.\s/);
    throw new UsageError(`${reason}; steward --help shows the options`, { cause });
  }
}

function usage(): string {
  const calls = commands.map(({ name, parameters, rest }) =>
    [name, ...parameters, ...afterDashes(rest)].join(' '),
  );
  const width = Math.max(...calls.map((call) => call.length));
  const lines = commands.map(({ summary }, index) => `  ${(calls[index] ?? '').padEnd(width)}  ${summary}`);
  return `Usage: steward <command> [--config steward.yml]\n\n${lines.join('\n')}\n\nsteward <command> --help shows its options.\n`;
}

function afterDashes(rest: string | undefined): string[] {
  return rest === undefined ? [] : ['--', rest];
}

function callOf({ name, parameters, rest, options }: Command): string {
  const extra = [
    '[--config steward.yml]',
    ...options.map((option) => `[--${[option, ownOptions[option] ?? []].flat().join(' ')}]`),
  ];
  return ['steward', name, ...parameters, ...extra, ...afterDashes(rest)].join(' ');
}

watchStandardOutput();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  terminal.say(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
