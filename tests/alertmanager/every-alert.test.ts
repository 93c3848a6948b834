import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { firstFirings, type FiringAlert } from '../rules/first-firings.ts';
import { alertRules } from '../rules/rule-files.ts';
import { newest, templatesFolder } from './programs.ts';

const golden = path.join(import.meta.dirname, 'golden/every-alert.txt');

/** Commands and names of settings, which a person types as they are; no names of metrics. */
const asTyped = /`[^`]*`|\b(?:long_query_time|max_duration|exporter\.series_limit)\b/g;

let messages: ReadonlyMap<string, string>;
beforeAll(async () => {
  await using folder = await createTempFolder('steward-messages');
  const rendered = new Map<string, string>();
  for (const alert of firstFirings()) rendered.set(alert.alertname, await messageOf(alert, folder.path));
  messages = rendered;
}, 120_000);

/** The message of an alert in Telegram, as a phone shows it. */
async function messageOf({ alertname, labels, annotations }: FiringAlert, folder: string): Promise<string> {
  const data = path.join(folder, `${alertname}.json`);
  const alert = { status: 'firing', labels, annotations, startsAt: '2025-01-02T10:03:00Z' };
  await writeFile(data, JSON.stringify({ status: 'firing', alerts: [alert], commonLabels: labels }));
  const { stdout } = await runCommand([
    newest.amtool,
    'template',
    'render',
    '--template.type=html',
    `--template.data=${data}`,
    `--template.glob=${path.join(templatesFolder, '*.tmpl')}`,
    '--template.text={{ template "steward.telegram" . }}',
  ]);
  return stdout
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#43;', '+')
    .replaceAll('&amp;', '&')
    .trim();
}

test('every alert has a message, and all of them are as they were last read by a person', async () => {
  const text = [...messages.values()].join('\n\n').concat('\n');
  if (process.env['STEWARD_UPDATE_GOLDEN'] === '1') await writeFile(golden, text);
  expect([...messages.keys()]).toEqual(alertRules.map(({ alert }) => alert).toSorted());
  expect(text).toBe(await readFile(golden, 'utf8'));
});

describe.each(alertRules)('the message of $alert', ({ alert, annotations }) => {
  test('says what to do first, and is shown as a whole', () => {
    const message = messages.get(alert);
    expect(message).toMatch(/^First: .{20,}[.?]$/m);
    expect(message).not.toContain('…');
    expect(message).toMatch(/(?:What Steward did|What waits for you) · What to do · Dashboard$/);
  });

  test('has words of people, no names of metrics and nothing that was not filled in', () => {
    expect(messages.get(alert)?.replaceAll(asTyped, 'TYPED')).not.toMatch(
      /\b[a-z]+_[a-z_]+\b|<no value>|\b(?:on|of|the) [,.:]| {2}/,
    );
  });

  test('has figures as people write them: whole numbers of things, and no thousandths', () => {
    const message = messages.get(alert)?.replaceAll(asTyped, 'TYPED');
    expect(message).not.toMatch(/\d[munµ]\b(?! \d+s)|\d\.\d+ (?!MiB|GiB|kB|MB|GB)/);
    const texts = `${annotations['summary'] ?? ''} ${annotations['description'] ?? ''}`;
    expect(texts).not.toMatch(/\$value \| humanize \}\} /);
  });
});
