import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startHttpDouble, type HttpDouble } from './http-double.ts';
import { newest } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager } from './running-alertmanager.ts';
import { turnOn } from './turn-on.ts';

const instructions = readFileSync(path.join(import.meta.dirname, '../../docs/notifications.md'), 'utf8');
const configuration = readFileSync(newest.configuration, 'utf8');

test('docs/notifications.md has a command for the secrets of each receiver, and for no other', () => {
  const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name).sort();
  const needed = names(configuration, /\/run\/(secrets\/notify\/\w+)/g);
  expect(needed).toHaveLength(7);
  expect(names(instructions, /install -m 444 \/dev\/stdin (secrets\/notify\/\S+)/g)).toEqual(needed);
});

test('what it shows of alertmanager.yml is there', () => {
  const [, comment = ''] = /```yaml\n(# .*)\n- receiver: telegram\n/.exec(instructions) ?? [];
  expect(configuration).toContain(`    ${comment}\n    - receiver: nobody\n`);
});

test.each(newest.ways)('it says how to be told by %s', (way) => {
  expect(instructions).toContain(`[Turn on](#turn-it-on) \`${way}\``);
});

let slack: HttpDouble | undefined;
let alertmanager: RunningAlertmanager | undefined;
afterEach(async () => {
  await alertmanager?.stop();
  await slack?.stop();
});

test('its command to try it sends a message', async () => {
  const { url } = (slack = await startHttpDouble());
  alertmanager = await startAlertmanager(newest, {
    edit: (text) =>
      turnOn(text, { people: 'slack' })
        .replace('http://remediator:9841', url)
        .replace('group_wait: 1m', 'group_wait: 1s'),
    secrets: { webhook_token: 'the-token', 'notify/slack_url': `${url}/slack` },
  });
  const [, alert = '', severity = '', summary = ''] =
    /^ {2}alert add (\S+) (\S+) --annotation=summary='([^']+)'$/m.exec(instructions) ?? [];
  const argv = [`--alertmanager.url=${alertmanager.url}`, 'alert', 'add', alert, severity] as const;
  await runCommand([newest.amtool, ...argv, `--annotation=summary=${summary}`]);
  const sent = await waitUntil(() => slack?.receivedAt('/slack')[0]?.body, { what: 'the message' });
  expect(sent).toMatchObject({ attachments: [{ title: '🔴 Steward can reach you' }] });
});
