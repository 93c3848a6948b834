import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'ssh2';
import type { Role } from '../../../hosts/verbs.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { hostileCorpus } from '../../remediator/hostile/corpus.ts';

const REFUSED = 77;
/** sshd grants a connection ten sessions, and takes its time to give one back. */
const AT_ONCE = 3;
const TIMEOUT_MS = 180_000;

let folder: TempFolder;
let canaries: string;
let hardened: HardenedHost;
const clients = new Map<Role, Client>();

beforeAll(async () => {
  folder = await createTempFolder('steward-hostile');
  canaries = join(folder.path, 'canaries');
  await mkdir(canaries);
  await chmod(canaries, 0o777);
  await writeFile(join(canaries, 'source'), `touch ${canaries}/sourced`);
  for (const name of ['blog', 'shop']) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'wp-config.php'), '');
  }
  const site = (name: string) =>
    `{ host: web1, url: 'http://127.0.0.1/', path: '${join(folder.path, name)}', owner: www-data }`;
  hardened = await startHardenedHost(folder.path, {
    services: '[{ name: no-such-service, manager: sysv }]',
    sites: `{ blog: ${site('blog')}, shop: ${site('shop')} }`,
  });
  for (const role of ['read', 'act'] as const) clients.set(role, await connect(role));
});
afterAll(async () => {
  for (const client of clients.values()) client.end();
  await hardened.remove();
  await folder.remove();
});

async function connect(role: Role): Promise<Client> {
  const client = new Client();
  const { user, sshd, keyFiles } = hardened;
  client.connect({
    ...{ host: '127.0.0.1', port: sshd.port, username: user },
    privateKey: await readFile(keyFiles[role]),
  });
  await once(client, 'ready');
  return client;
}

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sends a line as it is, as somebody who has the key could. */
function send(role: Role, line: string, client = clients.get(role)): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client?.exec(line, (error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      const output = { stdout: '', stderr: '' };
      let code: number | null = null;
      channel.on('data', (data: Buffer) => (output.stdout += data.toString()));
      channel.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()));
      channel.on('exit', (status: number | null) => (code = status));
      channel.on('close', () => resolve({ code, ...output }));
    });
  });
}

/** Sends each line, some at the same time, and returns those whose answer is no refusal. */
async function notRefused(role: Role, lines: readonly string[]): Promise<object[]> {
  const surprises: object[] = [];
  const left = [...lines];
  const sendOn = async (): Promise<void> => {
    for (let line = left.shift(); line !== undefined; line = left.shift()) {
      const answer = await send(role, line);
      const isRefusal =
        answer.code === REFUSED && answer.stdout === '' && answer.stderr.startsWith('refused: ');
      if (!isRefusal) surprises.push({ line, ...answer });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendOn));
  return surprises;
}

const allTexts = (): string[] => hostileCorpus(canaries).map(({ text }) => text);
const texts = (): string[] => allTexts().filter((text) => !text.includes('\0'));
/**
 * Those that get as far as a verb: a line with any other character is refused as a whole, whatever else is in it. Blanks around a site's name leave the site
 * that it is, for which the key is there.
 */
const plainTexts = (): string[] =>
  texts().filter((text) => /^[A-Za-z0-9._ =-]+$/.test(text) && !['', 'blog', 'shop'].includes(text.trim()));

describe('hostile lines, sent with the keys themselves', () => {
  test('the corpus has at least 200 texts of ten kinds, no two alike', () => {
    const corpus = hostileCorpus(canaries);
    expect(new Set(corpus.map(({ text }) => text)).size).toBe(corpus.length);
    expect(corpus.length).toBeGreaterThanOrEqual(200);
    expect(new Set(corpus.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(10);
  });

  describe.each<Role>(['read', 'act'])('the key of the role %s', (role) => {
    test(
      'refuses them as the whole line',
      async () => {
        expect(await notRefused(role, texts())).toEqual([]);
      },
      TIMEOUT_MS,
    );

    test('ends the connection at a line with a NUL, which sshd itself refuses', async () => {
      for (const text of allTexts().filter((one) => one.includes('\0'))) {
        const client = await connect(role);
        // One at the end is cut off by sshd, and the rest is refused by the dispatcher.
        const code = await send(role, text, client).then(
          (answer) => answer.code,
          () => 'ended',
        );
        expect([text, code]).toEqual([text, /\0./s.test(text) ? 'ended' : REFUSED]);
        client.end();
      }
    });

    test.each([
      ['behind a verb without slots', (text: string) => `ping ${text}`],
      ['as a site', (text: string) => `site-sentinels ${text}`],
      ['as the run of a fix', (text: string) => `site-undo-permissions no-site ${text}`],
      ['as a service', (text: string) => `service-restart ${text}`],
      ['behind a time limit', (text: string) => `timeout --kill-after=1 9 ${text}`],
    ])(
      'refuses them %s',
      async (_how, line) => {
        expect(await notRefused(role, plainTexts().map(line))).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });

  test('have made nothing, and the log of the host has one line for each', async () => {
    expect(await readdir(canaries)).toEqual(['source']);
    const log = await readFile(`/var/log/${hardened.user}-dispatch.log`, 'utf8');
    expect(log).not.toMatch(/[^\n -~]/);
    // A plain word may stand in a slot; that nothing of the name is there refuses the call then.
    const begun = /^\S+Z act (?:service-restart|site-undo-permissions no-site) [\w.-]{1,64}: begins$/;
    const others = log.split('\n').filter((line) => !/^\S+Z (read|act) refused: |^$/.test(line));
    expect(others.filter((line) => !begun.test(line))).toEqual([]);
    const refused = log.match(/act refused: no such (?:site|service)$/gm) ?? [];
    expect(refused.length).toBeGreaterThanOrEqual(others.length);
    expect(log).toContain('act refused: no such service');
  });
});
