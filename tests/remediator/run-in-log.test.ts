import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeAlert } from './alerts.ts';
import { failed, startScriptedWorld, unknown, type ScriptedWorld } from './run/scripted-world.ts';

const REMEDIATOR = fileURLToPath(new URL('../../remediator', import.meta.url));
/** A call of the log: what it is given, and what it says. */
const CALL = /\blog\.(?:info|warn|error|debug)\(\s*(\{[^}]*\}),\s*(['"`])(.*?)\2/gs;
/** What is said of runs in the plural, or of none, has none to name. */
const OF_NONE = ['old runs were removed', 'old runs could not be removed', 'whether runs were left'];

async function sources(): Promise<string[]> {
  const files = await readdir(REMEDIATOR, { recursive: true });
  return files.filter((file) => file.endsWith('.ts'));
}

describe('a line of the log that speaks of a run', () => {
  let scripted: ScriptedWorld;
  beforeEach(async () => {
    scripted = await startScriptedWorld();
  });
  afterEach(() => scripted.stop());

  test('has its id as `run`, whatever comes of it', async () => {
    const outcomes = [
      {},
      { healthy: false },
      { act: failed },
      { act: unknown },
      { guard: false },
      { firing: false },
    ];
    for (const [hour, outcome] of outcomes.entries()) {
      Object.assign(scripted.world, { healthy: true, guard: true, firing: true }, outcome);
      await scripted.deliver(makeAlert({}, { startsAt: `2026-03-01T1${hour}:00:00.000Z` }));
    }
    const ids = new Set((await scripted.journal.runs(10)).map(({ id }) => id));
    expect(scripted.logged.length).toBeGreaterThan(10);
    for (const line of scripted.logged) expect(ids).toContain((JSON.parse(line) as { run?: string }).run);
  });

  test('is given it wherever the source writes one', async () => {
    const nameless: string[] = [];
    let seen = 0;
    for (const file of await sources()) {
      for (const [, fields = '', , text = ''] of (await readFile(join(REMEDIATOR, file), 'utf8')).matchAll(
        CALL,
      )) {
        if (!/\bruns?\b/.test(text) || OF_NONE.some((known) => text.includes(known))) continue;
        seen += 1;
        if (!/[{,]\s*run\b/.test(fields)) nameless.push(`${file}: ${text}`);
      }
    }
    expect(seen).toBeGreaterThan(3);
    expect(nameless).toEqual([]);
  });
});
