import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentedAnswers, message } from '../../lab/bot/freqtrade-answers.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import type { Lab } from '../../lab/stack/lab.ts';
import { basic } from '../../lab/stack/servers.ts';
import { seriesOf } from './lab-views.ts';

/** Gives a lab what comes together where people publish, trade, update and let jobs run, good and bad, and has it all read. */
export async function liveIn(lab: Lab): Promise<void> {
  await Promise.all([reportJobs(lab), trade(lab), logOfGrid(lab), publishAndUpdate(lab)]);
  await failInPlugin(lab);
  await turnCachesOff(lab);
  await changeFiles(lab);
}

/** Has the exporter read something again, and resolves when it has. */
async function refresh({ ports, secrets }: Lab, target: string, collector: string): Promise<void> {
  await answered(`http://127.0.0.1:${ports.exporter}/refresh?target=${target}&collector=${collector}`, {
    method: 'POST',
    headers: { authorization: basic(secrets.exporter_password) },
  });
}

async function answered(url: string, request: RequestInit): Promise<void> {
  const response = await fetch(url, request);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

const shown = (lab: Lab, query: string): Promise<number> =>
  waitUntil(async () => (await seriesOf(lab, query)) || undefined, { what: query });

async function reportJobs({ ports, secrets }: Lab): Promise<void> {
  const headers = { authorization: `Bearer ${secrets.ping_token}` };
  for (const path of [
    'backup/start?rid=0',
    'backup/fail?rid=0',
    'backup/start?rid=1',
    'backup?rid=1',
    'draft/start?rid=1',
    'draft?rid=1&items=3&waiting=7',
  ])
    await answered(`http://127.0.0.1:${ports.exporter}/ping/${path}`, { headers });
}

/** The bot loses, closes trades, warns, is restarted three times, and is stopped at last. */
async function trade(lab: Lab): Promise<void> {
  const { bot } = lab;
  const documented = (path: string) =>
    documentedAnswers.find(([name]) => name === path)?.[1] as Record<string, unknown>;
  for (const collector of ['freqtrade_exits', 'freqtrade_messages']) await refresh(lab, 'trend', collector);
  await shown(lab, 'freqtrade_exits_observed_total and freqtrade_exits_observed_total offset 2s');
  bot.answers.set('profit', { ...documented('profit'), current_drawdown: 0.03, current_drawdown_abs: 0.3 });
  bot.answers.set('stats', {
    ...documented('stats'),
    exit_reasons: { roi: { wins: 1, losses: 0, draws: 0 }, stop_loss: { wins: 0, losses: 3, draws: 0 } },
  });
  const late = Date.now();
  const logs = (documented('logs')['logs'] as unknown[]).concat([
    message(late, 'exchange.common', 'WARNING', 'fetch_ticker() returned exception: "binance GET 429".'),
    message(late + 1, 'worker', 'ERROR', 'OperationalException. Stopping trader ...'),
  ]);
  bot.answers.set('logs', { log_count: logs.length, logs });
  for (const collector of ['profit', 'exits', 'messages'])
    await refresh(lab, 'trend', `freqtrade_${collector}`);
  for (let restarts = 1; restarts <= 3; restarts += 1) {
    bot.restart();
    await shown(lab, `changes(freqtrade_bot_start_timestamp_seconds[1h]) >= ${restarts}`);
  }
  bot.answers.set('show_config', { ...documented('show_config'), max_open_trades: 3, state: 'stopped' });
}

/** What another bot writes is read from where it was when it was first seen. */
async function logOfGrid(lab: Lab): Promise<void> {
  const file = join(lab.folder, 'grid.log');
  const line = (level: string, text: string) =>
    `2026-11-23 09:29:03,001 - grid.worker - ${level} - ${text}\n`;
  await writeFile(file, line('INFO', 'started'));
  await refresh(lab, 'grid', 'logs');
  await shown(lab, 'trading_bot_log_messages_total and trading_bot_log_messages_total offset 2s');
  await appendFile(
    file,
    line('WARNING', 'fetch_ticker() returned exception: "GET 429"') + line('ERROR', 'Stopping trader ...'),
  );
  await refresh(lab, 'grid', 'logs');
}

async function publishAndUpdate(lab: Lab): Promise<void> {
  const script = fileURLToPath(new URL('lived-in.php', import.meta.url));
  await runCommand(['php', script, lab.site.path, lab.site.url]);
  await refresh(lab, 'blog', 'wordpress');
}

/** A plugin's code fails where a visitor asks for it, and PHP writes so. What is new in a log is 0 for one reading. */
async function failInPlugin(lab: Lab): Promise<void> {
  const file = 'wp-content/plugins/akismet/broken.php';
  await writeFile(join(lab.site.path, file), '<?php this_is_no_function();\n');
  await fetch(`${lab.site.url}/${file}`);
  await refresh(lab, 'blog', 'logs');
  await shown(lab, 'wordpress_log_fatals_total{kind="plugin"} == 0');
  await refresh(lab, 'blog', 'logs');
  await shown(lab, 'wordpress_log_fatals_total{kind="plugin"} > 0');
  await rm(join(lab.site.path, file));
}

/** Both caches are there for a while, and then are not. */
async function turnCachesOff(lab: Lab): Promise<void> {
  const at = (file: string) => join(lab.site.path, file);
  const settings = await readFile(at('wp-config.php'), 'utf8');
  const files = [at('wp-content/advanced-cache.php'), at('wp-content/object-cache.php')] as const;
  await writeFile(files[0], '<?php\n');
  await writeFile(files[1], "<?php require_once ABSPATH . WPINC . '/cache.php';\n");
  await writeFile(at('wp-config.php'), settings.replace('<?php', "<?php define('WP_CACHE', true);"));
  await refresh(lab, 'blog', 'wordpress');
  await shown(lab, 'wordpress_page_cache_enabled == 1 and on (instance) wordpress_object_cache_enabled == 1');
  for (const file of files) await rm(file);
  await writeFile(at('wp-config.php'), settings);
  await refresh(lab, 'blog', 'wordpress');
}

/** A file of WordPress and one of a plugin are changed, and one comes that has no business there. */
async function changeFiles(lab: Lab): Promise<void> {
  const at = (file: string) => join(lab.site.path, file);
  for (const file of ['wp-includes/rss.php', 'wp-content/plugins/akismet/class.akismet-widget.php'])
    await appendFile(at(file), '\n// changed\n');
  const upload = at('wp-content/uploads/2026/upload.php');
  await mkdir(dirname(upload), { recursive: true });
  await writeFile(upload, '<?php echo "who put this here?";\n');
  for (const collector of ['checksums', 'suspicious_files', 'changes']) await refresh(lab, 'blog', collector);
}
