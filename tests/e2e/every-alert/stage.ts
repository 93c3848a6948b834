import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readShippedPolicies } from '../../../inventory/policies/shipped-policies.ts';
import { FREQTRADE_LOGIN } from '../../../lab/bot/freqtrade-double.ts';
import { startRunningBot, type RunningBot } from '../../../lab/bot/running-bot.ts';
import { readAgain } from '../../../lab/healing.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import type { StewardYml } from '../../../lab/stack/lab-inventory.ts';
import { startLab, type Lab } from '../../../lab/stack/lab.ts';
import { startMoreParts, type MoreParts } from '../every-policy/more-parts.ts';
import { seriesOf } from '../lab-views.ts';
import { fileSystems } from './file-systems.ts';
import { watchAlerts, type SeenAlerts } from './seen-alerts.ts';
import { shortenTime } from './shorten-time.ts';

/** A lab on which nothing heals, with all that the faults of the campaign need. */
export interface Stage {
  readonly lab: Lab;
  readonly parts: MoreParts;
  /** Bots that only one fault is about. */
  readonly bots: Readonly<Record<'gone' | 'spot' | 'candles', RunningBot>>;
  readonly seen: SeenAlerts;
  /** Ends what visitors do from the first moment on. */
  readonly visits: AbortController;
  /** The folder of the remediator's journal, which is a file system of its own. */
  readonly journalFolder: string;
  /** Has the exporter read something at once that it reads only now and then. */
  readAgain(target: string, collector: string): Promise<void>;
  /** Waits until a query has a result. */
  shown(query: string): Promise<unknown>;
  /** Has WordPress itself change what is in its database. */
  inWordPress(what: string): Promise<void>;
  /** Runs SQL as root of the site's database. */
  sql(statements: string): Promise<void>;
  /** Starts, stops or signals a service of the site. */
  service(...words: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const CHANGE = fileURLToPath(new URL('change-wordpress.php', import.meta.url));

/** Starts it. */
export async function startStage(): Promise<Stage> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-stage');
  cleanUp.defer(() => folder.remove());
  const journalFolder = join(folder.path, 'journal');
  await mkdir(journalFolder);
  await mountImage(join(folder.path, 'journal.img'), '32M', journalFolder);
  cleanUp.defer(() => runCommand(['umount', '--lazy', journalFolder]).then(() => undefined));
  const parts = await startMoreParts();
  cleanUp.defer(() => parts.stop());
  const start = async () => {
    const bot = await startRunningBot();
    cleanUp.defer(() => bot.stop());
    return bot;
  };
  const bots = { gone: await start(), spot: await start(), candles: await start() };
  const policies = await policiesOfStage();
  const lab = await startLab({
    intervalSeconds: 2,
    log: () => undefined,
    acting: [],
    changes: {
      inventory: (content) => withMore(parts.addTo(content), { bots, policies, journalFolder }),
      rules: shortenTime,
      sshdPrefix: [...parts.sshdPrefix, ...fileSystems(folder.path)],
    },
  });
  cleanUp.defer(() => lab.stop());
  const seen = watchAlerts(lab);
  cleanUp.defer(() => seen.stop());
  const { site } = lab;
  const visits = new AbortController();
  cleanUp.defer(() => visits.abort());
  void keepVisiting(site.url, visits.signal);
  const client = ['mariadb', '--no-defaults', '--user=root', 'wordpress'] as const;
  const stack = cleanUp.move();
  return {
    ...{ lab, parts, bots, seen, visits, journalFolder },
    readAgain: (target, collector) => readAgain(lab, target, collector),
    shown: (query) =>
      waitUntil(async () => (await seriesOf(lab, query)) > 0, { what: query, timeoutMs: 60_000 }),
    inWordPress: (what) => run('php', CHANGE, site.path, site.url, what),
    sql: async (stdin) => {
      await runCommand([...client, `--socket=${join(site.folder, 'mariadb', 'mysqld.sock')}`], { stdin });
    },
    service: (...words) => run('supervisorctl', '-c', site.supervisor.configFile, ...words),
    stop: () => stack.disposeAsync(),
  };
}

/** Two visits a second, whatever the site answers. */
async function keepVisiting(url: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await fetch(url, { redirect: 'manual' }).then(
      (response) => response.text(),
      () => undefined,
    );
    await delay(500, undefined, { signal: ended }).catch(() => undefined);
  }
}

async function mountImage(image: string, size: string, folder: string): Promise<void> {
  await run('truncate', '-s', size, image);
  await run('mkfs.ext4', '-q', '-m', '0', image);
  await run('mount', '-o', 'loop', image, folder);
}

async function run(...argv: [string, ...string[]]): Promise<void> {
  await runCommand(argv);
}

/** As they ship, they only observe, so that faults stay; but the drill is due, and one asks whether it may. */
async function policiesOfStage(): Promise<readonly object[]> {
  const shipped = await readShippedPolicies();
  return shipped.map(({ name }) => ({ name, mode: modeOf(String(name)) }));
}

function modeOf(policy: string): string {
  if (policy === 'drill') return 'auto';
  return policy === 'fix-permissions' ? 'approve' : 'observe';
}

interface More extends Pick<Stage, 'bots' | 'journalFolder'> {
  readonly policies: readonly object[];
}

function withMore(content: StewardYml, { bots, policies, journalFolder }: More): StewardYml {
  const of = (name: string) => content[name] as object;
  const login = { kind: 'freqtrade', username: FREQTRADE_LOGIN.username, host: 'lab' };
  const bot = ({ url }: RunningBot) => ({ ...login, url, password_file: 'secrets/bot_password' });
  return {
    ...content,
    // A key that the host does not let in: no fix comes through, and no drill.
    hosts: { lab: { ...(of('hosts') as { lab: object }).lab, act_key_file: 'sshd/host_key' } },
    policies,
    bots: {
      ...of('bots'),
      gone: bot(bots.gone),
      spot: bot(bots.spot),
      candles: bot(bots.candles),
      // The password of another one.
      locked: { ...bot(bots.candles), password_file: 'secrets/ping_token' },
    },
    jobs: {
      ...of('jobs'),
      minutely: { every: '1s', host: 'lab' },
      endless: { every: '1d', max_duration: '1s', host: 'lab' },
    },
    remediator: { ...of('remediator'), journal: join(journalFolder, 'journal.sqlite') },
    notify: { webhook: { url: 'http://127.0.0.1:9/nobody-listens', secret_file: 'secrets/ping_token' } },
  };
}
