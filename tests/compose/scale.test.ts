import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { newest } from '../alertmanager/programs.ts';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { resolveStack, root, type Service, type Stack } from './compose.ts';

/** What docs/scale.md has in `.env`. */
const documented = async () => {
  const page = await readFile(path.join(root, 'docs/scale.md'), 'utf8');
  return (/```sh\n([^`]*)```/.exec(page)?.[1] ?? '').split('\n').map((line) => line.trim());
};

interface Configuration {
  readonly global: Readonly<Record<string, unknown>>;
  readonly alerting: { readonly alertmanagers: { static_configs: { targets: string[] }[] }[] };
  readonly remote_write?: readonly { basic_auth: { password_file: string } }[];
  readonly scrape_configs: readonly { job_name: string; static_configs?: { targets: string[] }[] }[];
}

function serviceOf({ services }: Stack, name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

const read = async (name: string) =>
  load(await readFile(path.join(root, 'prometheus', name), 'utf8')) as Configuration;

describe('the profile scale, as docs/scale.md turns it on', () => {
  let stack: Stack;
  let usual: Stack;
  beforeAll(async () => {
    const lines = (await documented()).filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(4);
    const { stack: found, complaints } = await resolveStack(lines);
    expect(complaints).toBe('');
    stack = found;
    usual = (await resolveStack()).stack;
  });

  test('adds a second Alertmanager, and is not there without it', () => {
    expect(Object.keys(usual.services)).not.toContain('alertmanager-2');
    expect(Object.keys(stack.services).sort()).toEqual(
      [...Object.keys(usual.services), 'alertmanager-2'].sort(),
    );
  });

  test('the second is as the first but for where it finds the other, and its own volume', () => {
    const { command: one, volumes: mounts = [], ...rest } = serviceOf(stack, 'alertmanager');
    const { command: other, volumes: otherMounts = [], ...same } = serviceOf(stack, 'alertmanager-2');
    expect({ ...same, profiles: undefined }).toEqual({ ...rest, profiles: undefined });
    const listen = '--cluster.listen-address=0.0.0.0:9094';
    expect(one).toContain(listen);
    expect(other).toEqual(
      one?.flatMap((word) => (word === listen ? [word, '--cluster.peer=alertmanager:9094'] : [word])),
    );
    const names = (list: typeof mounts) => list.map(({ target }) => target);
    expect(names(otherMounts)).toEqual(names(mounts));
    expect(otherMounts.at(-1)?.source).toBe('alertmanager-2');
  });

  test('the two find each other', async () => {
    await using folder = await createTempFolder('steward-pair');
    const configuration = path.join(folder.path, 'alertmanager.yml');
    await writeFile(configuration, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
    const [gossip, ...web]: readonly [number, ...number[]] = [
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const places: Readonly<Record<string, string>> = {
      '--config.file': configuration,
      '--cluster.peer': `127.0.0.1:${gossip}`,
    };
    const processes: RunningProcess[] = [];
    try {
      for (const [index, name] of ['alertmanager', 'alertmanager-2'].entries()) {
        const own: Readonly<Record<string, string>> = {
          ...places,
          '--web.listen-address': `127.0.0.1:${web[index] ?? 0}`,
          '--cluster.listen-address': `127.0.0.1:${index === 0 ? gossip : 0}`,
          '--storage.path': path.join(folder.path, name),
        };
        const flags = (serviceOf(stack, name).command ?? []).flatMap((word) => {
          const flag = word.slice(0, word.indexOf('='));
          return own[flag] === undefined ? [] : [`${flag}=${own[flag]}`];
        });
        const logFile = path.join(folder.path, `${name}.log`);
        processes.push(await startProcess({ name, argv: [newest.server, ...flags], logFile }));
      }
      const hasFound = await waitUntil(
        async () => {
          const response = await fetch(`http://127.0.0.1:${String(web[0])}/api/v2/status`);
          const { cluster } = (await response.json()) as { cluster: { peers: unknown[] } };
          return cluster.peers.length === 2;
        },
        { what: 'two peers', explain: () => processes.map((one) => one.logTail()).join('\n') },
      );
      expect(hasFound).toBe(true);
    } finally {
      await Promise.all(processes.map((one) => one.stop()));
    }
  }, 60_000);

  test('Prometheus writes to the store, and Grafana asks it, with its password', () => {
    expect(stack.services['prometheus']?.command).toContain(
      '--config.file=/etc/prometheus/prometheus-scale.yml',
    );
    expect(stack.services['grafana']?.environment).toMatchObject({
      STEWARD_QUERIES_URL: 'https://store.example',
      STEWARD_QUERIES_USER: 'steward',
    });
    expect(stack.secrets['queries_password']?.file).toBe(path.join(root, 'secrets/queries_password'));
    expect(usual.secrets['queries_password']?.file).toBe(path.join(root, 'secrets/prometheus_password'));
    expect(usual.services['grafana']?.environment).toMatchObject({
      STEWARD_QUERIES_URL: 'http://prometheus:9090',
    });
  });
});

test('prometheus-scale.yml is prometheus.yml but for the store, the label and the pair', async () => {
  const [usual, scale] = [await read('prometheus.yml'), await read('prometheus-scale.yml')];
  const { external_labels: labels, ...global } = scale.global;
  expect(labels).toEqual({ cluster: 'home' });
  expect(scale.remote_write).toHaveLength(1);
  expect(
    JSON.parse(
      JSON.stringify({ ...scale, global, remote_write: undefined }).replaceAll(',"alertmanager-2:9093"', ''),
    ),
  ).toEqual(usual);
  expect(JSON.stringify(scale).match(/alertmanager-2:9093/g)).toHaveLength(2);
});

describe.each(promtools)('promtool $generation', ({ program }) => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await createTempFolder('steward-scale');
  });
  afterAll(() => folder.remove());

  test('takes prometheus-scale.yml', async () => {
    const text = await readFile(path.join(root, 'prometheus/prometheus-scale.yml'), 'utf8');
    await mkdir(path.join(folder.path, 'secrets'));
    for (const [secret = ''] of text.matchAll(/(?<=\/run\/secrets\/)\w+/g))
      await writeFile(path.join(folder.path, 'secrets', secret), 'secret');
    const file = path.join(folder.path, 'prometheus.yml');
    await writeFile(
      file,
      text
        .replaceAll('/run/secrets', path.join(folder.path, 'secrets'))
        .replace('rules/*.yml', path.join(root, 'prometheus/rules/*.yml')),
    );
    expect(await runPromtool(program, ['check', 'config', file])).toContain('rule files found');
  });
});
