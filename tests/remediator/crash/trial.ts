import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FREQTRADE_LOGIN, type FreqtradeDouble } from '../../../lab/bot/freqtrade-double.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Message } from '../../../remediator/notify/message.ts';
import type { ScriptedApi } from '../../helpers/scripted-api.ts';
import type { RunningRemediator, ShownRun } from '../process/running-remediator.ts';
import type { Stage } from '../process/stage.ts';
import { loading, type JournalSettings } from '../replicas/replica-stage.ts';
import type { Moment, PointKind } from './kill-point.ts';
import type { Scenario } from './scenarios.ts';

/** Where a process is killed: at its write, command or message of that number. */
export interface Kill {
  readonly at: PointKind;
  readonly number: number;
  readonly moment: Moment;
}

/** What is left after a trial. */
export interface TrialEnd {
  /** How many of the processes were killed; one that had less to write ended its runs instead. */
  readonly kills: number;
  /** What the last process could have been killed at before the alerts were over. */
  readonly points: readonly PointKind[];
  readonly runs: readonly ShownRun[];
  /** The commands that the host was sent. */
  readonly calls: readonly string[];
  /** The messages that people were sent, by all of the processes. */
  readonly told: readonly Message[];
  readonly botState: string;
}

/** Where the hook stands that puts a journal which kills in the place of the product's own. */
const HOOK = '../crash/kill-at-point.ts';
const LOOK_MS = 20;
/** A wait is looked at every few seconds. */
const SETTLED_MS = 60_000;

/** What a trial is played on, beside its stage. */
export interface TrialParts {
  readonly journal: Partial<JournalSettings>;
  readonly bot: FreqtradeDouble;
  readonly receiver: ScriptedApi;
  /** Whether each process is told of the alert, as Alertmanager repeats it, or none once one has accepted it. */
  readonly isRepeated: boolean;
}

/**
 * Takes a scenario through one process after the other, each killed at its point, and a last one that is left alone. The last is told that the alert is
 * over.
 */
export async function runTrial(
  stage: Stage,
  scenario: Scenario,
  kills: readonly Kill[],
  { journal, bot, receiver, isRepeated }: TrialParts,
): Promise<TrialEnd> {
  const { alerts, policy, before = [] } = scenario;
  for (const [series, value] of before) await stage.show(series, value);
  bot.control.restart();
  receiver.asked.length = 0;
  receiver.answer = (_request, response) => void response.writeHead(204).end();
  const notify = { webhook: { url: receiver.url, secret_file: 'secrets/notify' } };
  const inventory = stage.inventory({ policies: [policy], bots: { trend: botEntry(bot) }, notify });
  const secrets = { ...journal.secrets, bot: FREQTRADE_LOGIN.password, notify: 'key' };
  let killed = 0;
  let isAccepted = false;
  const pointsFile = join(stage.folder.path, 'points');
  const prefixFor = async (kill: Kill | undefined): Promise<string[]> => {
    await rm(pointsFile, { force: true });
    const killAt = kill === undefined ? '' : `${kill.at} ${kill.number} ${kill.moment}`;
    const hostFolder = join(stage.folder.path, 'host');
    return [loading(HOOK), `KILL_AT=${killAt}`, `POINTS_FILE=${pointsFile}`, `HOST_FOLDER=${hostFolder}`];
  };
  for (const [index, kill] of [...kills, undefined].entries()) {
    const prefix = await prefixFor(kill);
    const start = () =>
      index === 0 ? stage.start({ inventory, prefix, ...journal, secrets }) : stage.restart(prefix);
    const remediator = await unlessItEnds(start);
    // What the one before was killed over ends only now.
    await stage.host.letGo();
    // What is not answered is Alertmanager's to repeat, which the next process sees.
    if (remediator !== undefined && (isRepeated || !isAccepted))
      isAccepted = (await remediator.deliver(...alerts).catch(() => 0)) === 202;
    const isKilledByItself =
      remediator === undefined ||
      !(await livesThrough(
        stage,
        scenario,
        remediator,
        bot,
        async () => kill !== undefined && (await isReached(kill, pointsFile)),
      ));
    if (kill === undefined && isKilledByItself) throw new Error('the last process has ended');
    if (isKilledByItself) killed += 1;
    else if (kill !== undefined) await stage.kill();
  }
  const { remediator } = stage;
  if (remediator === undefined) throw new Error('no process was started');
  const points = await pointsIn(pointsFile);
  await remediator.deliver(...alerts.map((alert) => ({ ...alert, status: 'resolved' as const })));
  await waitUntil(async () => (await remediator.runs()).every(({ state }) => state === 'closed'), {
    what: 'all runs to be closed',
    explain: () => remediator.process.logTail(),
  });
  await waitUntil(() => isIdle(remediator), {
    what: 'all to be told',
    explain: () => remediator.process.logTail(),
  });
  for (const [series] of before) stage.page.delete(series);
  const { state } = bot.answers.get('show_config') as { state: string };
  const runs = await remediator.runs();
  const told = receiver.asked.map(({ body }) => JSON.parse(body) as Message);
  return { kills: killed, points, runs, calls: await stage.host.calls(), told, botState: state };
}

async function pointsIn(file: string): Promise<PointKind[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return lines.map((line) => line.split(' ')[0] as PointKind);
}

async function isReached({ at, number }: Kill, file: string): Promise<boolean> {
  return (await pointsIn(file)).filter((point) => point === at).length >= number;
}

/** What an earlier process left open may lead to the kill before the process answers. */
async function unlessItEnds(start: () => Promise<RunningRemediator>): Promise<RunningRemediator | undefined> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Error && error.message.includes('ended at once')) return undefined;
    throw error;
  }
}

/** Plays the world and the operator until nothing more happens by itself. Resolves with whether the process still runs then. */
async function livesThrough(
  stage: Stage,
  scenario: Scenario,
  remediator: RunningRemediator,
  bot: FreqtradeDouble,
  isAtItsKill: () => Promise<boolean>,
): Promise<boolean> {
  const { process } = remediator;
  const approved = new Set<string>();
  await waitUntil(
    async () => {
      await playWorld(stage, scenario, bot);
      if (process.hasEnded()) return true;
      const runs = await remediator.runs().catch(() => []);
      for (const run of runs.filter(
        ({ id, outcome }) => outcome === 'awaiting_approval' && !approved.has(id),
      )) {
        approved.add(run.id);
        await remediator.answer(run, 'approve').catch(() => undefined);
      }
      return isSettled(runs) && (await isIdle(remediator));
    },
    {
      what: `${scenario.name} to be settled`,
      intervalMs: LOOK_MS,
      timeoutMs: SETTLED_MS,
      explain: () => process.logTail(),
    },
  );
  if (await isAtItsKill()) await process.ended;
  return !process.hasEnded();
}

/** A bot whose trades are closed once it opens no others, on the host of the stage. */
function botEntry({ url }: FreqtradeDouble): object {
  const { username } = FREQTRADE_LOGIN;
  return { kind: 'freqtrade', url, username, password_file: 'secrets/bot', host: 'web1', service: 'nginx' };
}

async function playWorld(stage: Stage, { effects }: Scenario, bot: FreqtradeDouble): Promise<void> {
  const { state } = bot.answers.get('show_config') as { state: string };
  bot.answers.set('status', state === 'paused' ? [] : [{ trade_id: 1 }]);
  for (const call of await stage.host.calls()) {
    const effect = effects[call.split(' ')[0] ?? ''];
    if (effect !== undefined) stage.page.set(...effect);
  }
}

/** Between two steps all runs are closed, but one is still being worked on; and people are still to be told of what has ended. */
async function isIdle({ url }: RunningRemediator): Promise<boolean> {
  const metrics = await fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
  return (
    metrics.includes('\nsteward_remediator_runs_in_progress 0\n') &&
    metrics.includes('\nsteward_remediator_notifications_owed 0\n')
  );
}

/** What is blocked stays open as long as its alert fires. */
function isSettled(runs: readonly ShownRun[]): boolean {
  return (
    runs.length > 0 && runs.every(({ state, reason }) => state === 'closed' || reason === 'not_corroborated')
  );
}
