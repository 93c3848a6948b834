import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callVerb } from '../../hosts/call-verb.ts';
import type { Host, Outcome } from '../../hosts/host.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { startWordPressSite, type WordPressSite } from '../../lab/site/wordpress-site.ts';
import { startHardenedHost, type HardenedHost } from './hardened-host.ts';

const WWW_DATA = 33;

/** What the verb `site-wordpress` printed as its answer. */
export interface Answer {
  readonly version: number;
  readonly parts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly errors: readonly { readonly part: string; readonly message: string }[];
}

/** What of a site's files is different for a while: a path without a text is away. */
export interface SiteChange {
  readonly config?: (text: string) => string;
  readonly files?: Readonly<Record<string, string | undefined>>;
}

/** A real WordPress on a host that was set up by the real script, reached with the reading key. */
export interface ProbedWordPress {
  readonly site: WordPressSite;
  readonly hardened: HardenedHost;
  readonly host: Host;
  /** Calls the verb for a site of the host: `blog` where none is named. */
  call(siteId?: string): Promise<Outcome>;
  /** Calls the verb, and takes its answer for what it is. */
  ask(siteId?: string): Promise<Answer>;
  /** Runs SQL as the root of the database, and returns what it prints. */
  sql(text: string): Promise<string>;
  /** Runs PHP with all of WordPress loaded, as the owner of the site, and returns what it prints. */
  php(text: string): Promise<string>;
  /** Calls the verb while the site is changed in this way, and puts back what was there. */
  askWhile(change: SiteChange, siteId?: string): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts it. `sites` gives more sites of the host, as YAML below `sites`, for the folder of the first one. */
export async function startProbedWordPress(
  moreSites: (sitePath: string, folder: string) => string = () => '',
): Promise<ProbedWordPress> {
  const folder = await createTempFolder('steward-wordpress');
  const site = await startWordPressSite(folder.path);
  const blog = `blog: { host: web1, url: '${site.url}/', path: "${site.path}", owner: www-data }`;
  const hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ ${[blog, moreSites(site.path, folder.path)].filter((text) => text !== '').join(', ')} }`,
  });
  const host = hardened.open('read');
  const at = (path: string) => join(site.path, path);
  const call = (siteId = 'blog') =>
    callVerb(host, {
      verb: 'site-wordpress',
      slots: [siteId],
      timeoutSeconds: 25,
      outputLimitBytes: 1024 * 1024,
    });
  async function put(path: string, text: string) {
    await writeFile(at(path), text);
    await chown(at(path), WWW_DATA, WWW_DATA);
  }
  return {
    site,
    hardened,
    host,
    call,
    ask: async (siteId) => answerOf(await call(siteId)),
    async sql(text) {
      const socket = join(folder.path, 'mariadb', 'mysqld.sock');
      const argv = ['--no-defaults', `--socket=${socket}`, '--user=root', '--skip-column-names', 'wordpress'];
      return (await runCommand(['mariadb', ...argv], { stdin: text })).stdout.trim();
    },
    async php(text) {
      const owner = ['--reuid=www-data', '--regid=www-data', '--init-groups', '--'];
      const code = `<?php $_SERVER['HTTP_HOST'] = 'localhost'; require 'wp-load.php';\n${text}`;
      const { stdout } = await runCommand(['setpriv', ...owner, 'php'], { stdin: code, cwd: site.path });
      return stdout.trim();
    },
    async askWhile({ config, files = {} }, siteId) {
      const before = await readFile(at('wp-config.php'), 'utf8');
      const changed: Record<string, string | undefined> = {
        ...files,
        ...(config && { 'wp-config.php': config(before) }),
      };
      await using restored = new AsyncDisposableStack();
      for (const [path, text] of Object.entries(changed)) {
        const old = await readFile(at(path), 'utf8').catch(() => undefined);
        restored.defer(() => (old === undefined ? rm(at(path)) : put(path, old)));
        await (text === undefined ? rm(at(path)) : put(path, text));
      }
      return answerOf(await call(siteId));
    },
    async stop() {
      await host.close();
      await hardened.remove();
      await site.stop();
      await folder.remove();
    },
  };
}

function answerOf(outcome: Outcome): Answer {
  const text = outcome.stdout.toString();
  if (outcome.kind !== 'succeeded')
    throw new Error(`${outcome.reason}: ${text} ${outcome.stderr.toString()}`);
  const answer = text.split('\n=== steward-wordpress-probe\n').at(-1) ?? '';
  return JSON.parse(answer) as Answer;
}
