import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { callVerb } from '../../../hosts/call-verb.ts';
import { underTimeout } from '../../../hosts/time-limit.ts';
import { verbs, type VerbName } from '../../../hosts/verbs.ts';
import { PHP_FPM_STATUS_PATH } from '../../../lab/site/php-fpm.ts';
import { startPublishedSite } from '../../../lab/site/published-site.ts';
import { startWordPressSite } from '../../../lab/site/wordpress-site.ts';
import { startHardenedHost } from '../../helpers/hardened-host.ts';

/** What a host answered to a command. */
export interface RecordedAnswer {
  readonly stdout: Buffer;
  readonly exitCode: number;
}

/** A real WordPress on a host that was set up by the real script. What it says once is played back from then on. */
export interface RecordedSite {
  /** Its front page. */
  readonly page: string;
  /** What steward.yml says of a site that is the same, but for its id, host, address and folder. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the exporter asks wordpress.org, for the section `exporter` of steward.yml. */
  readonly wordPressOrg: object;
  /** What the host answers to a command line that came over SSH; the ids in it are taken for those of the real site and host. */
  readonly answer: (line: string) => Promise<RecordedAnswer>;
  stop(): Promise<void>;
}

const SITE = 'blog';
const TIMEOUT_SECONDS = 310;
const LIMIT_BYTES = 64 * 1024 * 1024;

/** Starts the site that the simulated ones are like. */
export async function startRecordedSite(folder: string): Promise<RecordedSite> {
  await chmod(folder, 0o755);
  const site = await startWordPressSite(folder);
  const settings = {
    owner: 'www-data',
    php_fpm: { socket: site.phpSocket, status_path: PHP_FPM_STATUS_PATH },
    logs: [{ file: join(folder, 'nginx-access.log'), format: 'nginx-access' }],
  };
  const hardened = await startHardenedHost(folder, {
    services: '[]',
    sites: JSON.stringify({ [SITE]: { host: 'web1', url: `${site.url}/`, path: site.path, ...settings } }),
  });
  const host = hardened.open('read');
  const wordPressOrg = await startPublishedSite(site.path);
  const recorded = new Map<string, Promise<RecordedAnswer>>();

  async function record([verb, slots]: [VerbName, string[]]): Promise<RecordedAnswer> {
    const outcome = await callVerb(host, {
      verb,
      slots,
      timeoutSeconds: TIMEOUT_SECONDS,
      outputLimitBytes: LIMIT_BYTES,
    });
    if (outcome.kind === 'unknown') throw new Error(`${verb}: ${outcome.reason}`);
    return { stdout: outcome.stdout, exitCode: outcome.kind === 'succeeded' ? 0 : (outcome.exitCode ?? 1) };
  }

  return {
    page: await (await fetch(site.url)).text(),
    settings,
    wordPressOrg: { api_url: wordPressOrg.url, downloads_url: wordPressOrg.url },
    answer(line) {
      const call = callOf(line);
      const key = JSON.stringify(call);
      const answer = recorded.get(key) ?? record(call);
      recorded.set(key, answer);
      return answer;
    },
    async stop() {
      await wordPressOrg.stop();
      await host.close();
      await hardened.remove();
      await site.stop();
    },
  };
}

/** Takes a command line apart as the dispatcher does. The first slot of a verb for a site or its logs is an id. */
function callOf(line: string): [verb: VerbName, slots: string[]] {
  const [verb = '', ...slots] = line.split(' ').slice(underTimeout(['-'], 1).length - 1);
  const name = Object.keys(verbs).find((candidate): candidate is VerbName => candidate === verb);
  if (name === undefined) throw new Error(`no verb: ${line}`);
  const kinds: readonly string[] = verbs[name].slots;
  return [name, slots.map((slot, index) => (kinds[index] === 'number' ? slot : SITE))];
}
