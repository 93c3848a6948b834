import { randomUUID } from 'node:crypto';
import { CommandError, type Command, type Terminal } from '../command.ts';
import { commandEnvironment } from '../config.ts';
import { createReporter, findExporter, type Reporter } from '../reporter.ts';
import { runAttached } from '../run-attached.ts';

/** Runs a command and reports its start and end as those of a job. */
export const run: Command = {
  name: 'run',
  parameters: ['<job>'],
  rest: '<command>...',
  options: [],
  summary: 'run a command, for crontab, and report start, end and exit code as those of a job',
  async run({ words: [job = ''], rest: [program, ...args], configFile }, { say }) {
    if (program === undefined)
      throw new CommandError('the command is missing: steward run <job> -- <command>...');
    const reporter = await reporterOf(configFile, job, say);
    // The command does not wait for the exporter; its end does, so that it is told after the start.
    const started = reporter && tell(reporter, 'start', say);
    const { exitCode, problem } = await runAttached([program, ...args], commandEnvironment());
    if (problem !== undefined) say(problem);
    await started;
    if (reporter !== undefined) await tell(reporter, exitCode, say);
    return exitCode;
  },
};

/** A job runs whether or not it can be told; that it was not told shows as late. */
async function reporterOf(
  configFile: string,
  job: string,
  say: Terminal['say'],
): Promise<Reporter | undefined> {
  try {
    return createReporter(await findExporter(configFile), job, randomUUID());
  } catch (error) {
    say(`steward: the exporter is not told of this run: ${messageOf(error)}`);
    return undefined;
  }
}

async function tell(reporter: Reporter, word: 'start' | number, say: Terminal['say']): Promise<void> {
  const what = word === 'start' ? 'start' : 'end';
  await reporter
    .report(word)
    .catch((error: unknown) => say(`steward: the exporter was not told of the ${what}: ${messageOf(error)}`));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
