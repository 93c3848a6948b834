import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { alertmanagers, newest, templatesFolder } from './programs.ts';

const labels = { alertname: 'SiteDown', host: 'web1', severity: 'page' };
const alerts = ['firing', 'resolved'].map((status) => ({
  status,
  labels: { ...labels, instance: status },
  annotations: { summary: `${status} <b>`, runbook_url: 'http://127.0.0.1:9841/runbooks/SiteDown' },
  startsAt: '2025-01-02T10:03:00Z',
  endsAt: '2025-01-02T10:08:30Z',
}));

test.each([
  ['text', 'steward.slack.title'],
  ['text', 'steward.slack.text'],
  ['text', 'steward.color'],
  ['text', 'steward.email.subject'],
  ['text', 'steward.email.text'],
  ['html', 'steward.email.html'],
])('0.25 makes the same %s of %s as 0.33', async (type, name) => {
  await using folder = await createTempFolder('steward-templates');
  const data = path.join(folder.path, 'data.json');
  await writeFile(data, JSON.stringify({ status: 'firing', alerts, commonLabels: labels }));
  const rendered = alertmanagers.map(async ({ amtool }) => {
    const { stdout } = await runCommand([
      amtool,
      'template',
      'render',
      `--template.type=${type}`,
      `--template.data=${data}`,
      `--template.glob=${path.join(templatesFolder, '*.tmpl')}`,
      `--template.text={{ template "${name}" . }}`,
    ]);
    return stdout;
  });
  const [older, newer] = await Promise.all(rendered);
  expect(newer).toMatch(/SiteDown|danger/);
  expect(older).toBe(newer);
});

test('times are in the time zone of the process', async () => {
  await using folder = await createTempFolder('steward-templates');
  const data = path.join(folder.path, 'data.json');
  await writeFile(
    data,
    JSON.stringify({ status: 'firing', alerts: alerts.slice(0, 1), commonLabels: labels }),
  );
  const argv = [newest.amtool, 'template', 'render', `--template.data=${data}`] as const;
  const { stdout } = await runCommand([
    'env',
    'TZ=Europe/Berlin',
    ...argv,
    `--template.glob=${path.join(templatesFolder, '*.tmpl')}`,
    '--template.text={{ template "steward.telegram" . }}',
  ]);
  expect(stdout).toContain('since 2 Jan 11:03 CET');
});

test.each([
  ['restart-service auto', 'restart-service acts by itself'],
  ['restart-service approve', 'restart-service waits for your approval'],
  ['restart-service earn(5)', 'or acts by itself where it has earned that'],
  ['restart-service paused', 'nothing, because it is paused; `npx steward resume`'],
  ['restart-service observe', 'write `- { name: restart-service, mode: approve }` below'],
  [
    'mine auto, restart-service observe',
    'the first of these policies that fits answers it: mine auto, restart-service observe.',
  ],
  ['', 'nothing by itself, unless a policy of your own answers it'],
  ['<b> auto', 'nothing by itself, unless a policy of your own answers it'],
])('where the policy is "%s", every message says so', async (policy, words) => {
  await using folder = await createTempFolder('steward-templates');
  const data = path.join(folder.path, 'data.json');
  const [alert] = alerts;
  const commonLabels = { ...labels, alertname: 'ServiceDown' };
  const firing = { ...alert, labels: commonLabels, annotations: { ...alert?.annotations, policy } };
  await writeFile(data, JSON.stringify({ status: 'firing', alerts: [firing], commonLabels }));
  for (const { amtool } of alertmanagers)
    for (const name of ['telegram', 'slack.text', 'discord.message', 'email.text', 'email.html']) {
      const text = `--template.text={{ template "steward.${name}" . }}`;
      const glob = `--template.glob=${path.join(templatesFolder, '*.tmpl')}`;
      const { stdout } = await runCommand([
        amtool,
        'template',
        'render',
        `--template.data=${data}`,
        glob,
        text,
      ]);
      expect(stdout).toContain(words);
    }
});

test.each(['telegram', 'slack.text', 'discord.message', 'email.text', 'email.html'])(
  'the dashboard of a target with a port is linked in %s',
  async (name) => {
    await using folder = await createTempFolder('steward-templates');
    const data = path.join(folder.path, 'data.json');
    const address = 'http://127.0.0.1:3000/d/steward-itself?var-instance=exporter:9840';
    const [alert] = alerts;
    const firing = { ...alert, annotations: { ...alert?.annotations, dashboard_url: address } };
    await writeFile(data, JSON.stringify({ status: 'firing', alerts: [firing], commonLabels: labels }));
    const text = `--template.text={{ template "steward.${name}" . }}`;
    const glob = `--template.glob=${path.join(templatesFolder, '*.tmpl')}`;
    const render = [newest.amtool, 'template', 'render', `--template.data=${data}`, glob, text] as const;
    const { stdout } = await runCommand(render);
    expect(stdout).toContain(address);
  },
);
