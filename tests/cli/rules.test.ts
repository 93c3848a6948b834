import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';

const SHIPPED = 'prometheus/rules';
const DASHBOARDS = 'grafana/dashboards';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

async function contents(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path)).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)),
  );
}

test('steward rules writes the rules that ship, where nothing else is said', async () => {
  await writeFile(at('steward.yml'), '{}\n');
  const { status, stdout } = steward(folder.path, 'rules', 'data/rules');
  const names = (await readdir(SHIPPED)).toSorted();
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: names.map((name) => `${at(`data/rules/${name}`)}\n`).join(''),
  });
  expect(await contents(at('data/rules'))).toEqual(await contents(SHIPPED));
});

test('steward rules leads every link to where steward.yml says that people open Grafana and the remediator', async () => {
  await writeFile(
    at('steward.yml'),
    'remediator: { external_url: "http://127.0.0.1:3000/steward/" }\ngrafana: { external_url: "https://[2001:db8::1]/grafana" }\n',
  );
  expect(steward(folder.path, 'rules', 'rules').status).toBe(0);
  const [written, shipped] = [await contents(at('rules')), await contents(SHIPPED)];
  for (const [name, text] of Object.entries(shipped)) {
    expect(written[name]).toBe(
      text.replace(/^( +runbook_url: )\S+(\/runbooks\/)|^( +dashboard_url: )\S+(\/d\/)/gm, (...found) => {
        const [, runbook, runbooks, dashboard, page] = found as (string | undefined)[];
        return runbook === undefined
          ? `${dashboard ?? ''}https://[2001:db8::1]/grafana${page ?? ''}`
          : `${runbook}http://127.0.0.1:3000/steward${runbooks ?? ''}`;
      }),
    );
  }
});

test('steward rules and steward dashboards name the jobs with their prefix, in every matcher and nowhere else', async () => {
  await writeFile(at('steward.yml'), 'exporter: { job_prefix: steward- }\n');
  for (const [command, shippedIn] of [['rules', SHIPPED] as const, ['dashboards', DASHBOARDS] as const]) {
    expect(steward(folder.path, command, command).status).toBe(0);
    const [written, shipped] = [await contents(at(command)), await contents(shippedIn)];
    expect(Object.values(written).join('')).toContain('job');
    for (const [name, text] of Object.entries(shipped)) {
      const jobs = /(?<=job=~?\\?")[a-z|]+(?=\\?")/g;
      expect(written[name]).toBe(
        text.replace(jobs, (names) =>
          names.replace(/\b(?=(exporter|host|site|bot|job|remediator)\b)/g, 'steward-'),
        ),
      );
    }
    const matchers = Object.values(written).flatMap((text) => text.match(/job=~?\\?"[^"$\\]+/g) ?? []);
    expect(matchers.length).toBeGreaterThan(20);
    for (const matcher of matchers)
      expect(matcher).toMatch(/"(steward-[a-z]+\|?)+((prometheus|alertmanager)\|?)*$/);
  }
});

test('steward dashboards writes those that ship, with the links of their runbooks where people open them', async () => {
  await writeFile(at('steward.yml'), 'remediator: { external_url: "https://steward.example" }\n');
  const { status } = steward(folder.path, 'dashboards', 'own');
  expect(status).toBe(0);
  const [written, shipped] = [await contents(at('own')), await contents(DASHBOARDS)];
  expect(Object.keys(written)).toEqual(Object.keys(shipped));
  for (const [name, text] of Object.entries(shipped)) {
    expect(written[name]).toBe(text.replaceAll('http://127.0.0.1:9841/', 'https://steward.example/'));
    expect(() => JSON.parse(written[name] ?? '') as unknown).not.toThrow();
  }
});

test.each([
  ['an address that YAML or a template would read', '{ external_url: "https://a.example/{{ x }}" }'],
  ['an address with a quote', `{ external_url: "https://a.example/it's" }`],
])('steward rules writes nothing for %s', async (_what, grafana) => {
  await writeFile(at('steward.yml'), `grafana: ${grafana}\n`);
  const { status, stdout, stderr } = steward(folder.path, 'rules', 'rules');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('grafana.external_url');
  expect(await readdir(folder.path)).toEqual(['steward.yml']);
});

test('steward rules does not write over those that ship', async () => {
  await writeFile(at('steward.yml'), '{}\n');
  const before = await contents(SHIPPED);
  const { status, stderr } = steward(folder.path, 'rules', join(process.cwd(), SHIPPED));
  expect(status).toBe(1);
  expect(stderr).toContain('name another folder');
  expect(await contents(SHIPPED)).toEqual(before);
  expect(steward(folder.path, 'dashboards', join(process.cwd(), DASHBOARDS)).status).toBe(1);
});
