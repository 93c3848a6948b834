import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { stewardBeside } from '../../helpers/steward-command.ts';
import { makeAlert } from '../alerts.ts';
import type { RunningRemediator, ShownRun } from './running-remediator.ts';
import { alert, useStage } from './stage.ts';

const stage = useStage();
const LATER = 150;

describe('a run that waits for a person, behind 150 newer ones', () => {
  let remediator: RunningRemediator;
  let waiting: ShownRun;
  beforeEach(async () => {
    const policies = [{ name: 'fix-permissions', mode: 'approve' }];
    remediator = await stage.start({ inventory: stage.inventory({ policies }) });
    await remediator.deliver(alert);
    waiting = await remediator.untilRun(({ outcome }) => outcome === 'awaiting_approval');
    const later = Array.from({ length: LATER }, (_none, index) =>
      makeAlert({ alertname: 'Odd' }, { fingerprint: `b${index}` }),
    );
    await remediator.deliver(...later);
    await waitUntil(
      async () => (await remediator.runs(LATER)).every(({ outcome }) => outcome === 'no_policy'),
      { what: 'the newer runs' },
    );
  });
  const linesOf = async (...args: string[]) => {
    const { status, stdout } = await stewardBeside(join(stage.folder.path, 'remediator'), ...args);
    expect(status).toBe(0);
    return stdout.trimEnd().split('\n');
  };

  test('stands first on the page', async () => {
    const authorization = `Basic ${Buffer.from('steward:remediator-password').toString('base64')}`;
    const page = await (await fetch(remediator.url, { headers: { authorization } })).text();
    const [, needsYou = ''] = /<h2>What needs you<\/h2>([^]*)<h2>/.exec(page) ?? [];
    expect([...needsYou.matchAll(/href="\/runs\/([^"]+)"/g)].map(([, id]) => id)).toEqual([waiting.id]);
  });

  test('is the last of what `steward runs` lists', async () => {
    const lines = await linesOf('runs');
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toContain(`${waiting.id}  WordPressPermissionsDrifted blog`);
  });

  test('is among all that are open in `steward runs --open`', async () => {
    const lines = await linesOf('runs', '--open');
    expect(lines).toHaveLength(LATER + 1);
    expect(lines.at(-1)).toContain(waiting.id);
    const answer = JSON.parse((await linesOf('runs', '--open', '--json')).join('')) as { runs: ShownRun[] };
    expect(answer.runs.at(-1)?.id).toBe(waiting.id);
  });
});
