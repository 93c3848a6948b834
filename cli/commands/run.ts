import { randomUUID } from 'node:crypto';
import type { Command, Terminal } from '../command.ts';
import { commandEnvironment } from '../config.ts';
import { createReporter, findExporter, type Reporter } from '../reporter.ts';
import { askRemediator } from '../remediator-api.ts';
import { runText, shownRunSchema } from '../shown-run.ts';
import { runAttached } from '../run-attached.ts';

/** Shows a run of the remediator or, with a command, runs that and reports its start and end as those of a job. */
export const run: Command = {
  name: 'run',
  parameters: ['<run or job>'],
  rest: '<command>...',
  options: ['json'],
  summary: 'show a run of the remediator; with --, run a command, for crontab, and report it as that job',
  async run({ words: [job = ''], rest: [program, ...args], configFile, isJson }, { print, say }) {
    if (program === undefined) {
      const answer = await askRemediator(configFile, `/api/runs/${encodeURIComponent(job)}`);
      print(isJson ? `${JSON.stringify(answer)}\n` : runText(shownRunSchema.parse(answer)));
      return 0;
    }
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
