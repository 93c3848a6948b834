import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { promtools, runPromtool } from './promtool.ts';
import { ruleFiles, rulesFolder } from './rule-files.ts';

const ruleTests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.yml'));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'steward-promtool-'));
  await cp(path.join(import.meta.dirname, '../../prometheus'), folder, { recursive: true });
  const file = path.join(folder, 'prometheus.yml');
  const text = await readFile(file, 'utf8');
  await mkdir(path.join(folder, 'secrets'));
  for (const [secret = ''] of text.matchAll(/(?<=\/run\/secrets\/)\w+/g)) {
    await writeFile(path.join(folder, 'secrets', secret), 'secret');
  }
  await writeFile(file, text.replaceAll('/run/secrets', path.join(folder, 'secrets')));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.each(promtools)('promtool $generation', ({ program }) => {
  test('takes the rules without a complaint', async () => {
    const files = ruleFiles.map((name) => path.join(rulesFolder, name));
    const printed = await runPromtool(program, ['check', 'rules', '--lint-fatal', ...files]);
    expect(printed.match(/SUCCESS/g)).toHaveLength(files.length);
  });

  test('takes the configuration, and finds all rules from it', async () => {
    const printed = await runPromtool(program, ['check', 'config', path.join(folder, 'prometheus.yml')]);
    expect(printed).toContain(`${ruleFiles.length} rule files found`);
  });

  test.each(ruleTests)('sees each alert silent, firing and over as %s says', async (name) => {
    const printed = await runPromtool(program, ['test', 'rules', path.join(import.meta.dirname, name)]);
    expect(printed).toContain('SUCCESS');
  });
});
