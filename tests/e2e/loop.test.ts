import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { permissions } from '../../lab/faults/permissions.ts';
import { phpFpm } from '../../lab/faults/php-fpm.ts';
import { breakAndFollow } from '../../lab/healing.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startLab, type Lab } from '../../lab/stack/lab.ts';
import { basic } from '../../lab/stack/servers.ts';
import { compareWithGolden, seriesShapes, shapesInPrometheus } from '../helpers/golden-series.ts';
import { callsOnHost, listedSeries, runsOf, type ApiRun } from './lab-views.ts';
import { liveIn } from './lived-in.ts';
import { silentQueries } from './panel-answers.ts';
import { changingPanels, silentPanels } from './silent-panels.ts';

const TIMEOUT_MS = 180_000;
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ intervalSeconds: 1, log: () => undefined });
}, TIMEOUT_MS);
afterAll(() => (lab as Lab | undefined)?.stop(), TIMEOUT_MS);

const NOT_READ_YET = /^steward_data_timestamp_seconds\{.*\} 0$/m;

/** What the exporter says at a path, once all that it reads in the background was read. */
function readMetrics(path: string): Promise<string> {
  return waitUntil(
    async () => {
      const text = await (await fetch(`http://127.0.0.1:${lab.ports.exporter}${path}`)).text();
      return NOT_READ_YET.test(text) ? undefined : text;
    },
    { what: `${path} to be read`, timeoutMs: 60_000 },
  );
}

async function postAlert(labels: Record<string, string>): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${lab.ports.alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic(lab.secrets.alertmanager_password) },
    body: JSON.stringify([{ labels }]),
  });
  expect(response.status).toBe(200);
}

/** The first run that is not among the known ones and fits. */
function newRun(known: readonly ApiRun[], fits: (run: ApiRun) => boolean, what: string): Promise<ApiRun> {
  const ids = new Set(known.map(({ id }) => id));
  return waitUntil(async () => (await runsOf(lab)).find((run) => !ids.has(run.id) && fits(run)), {
    what,
    timeoutMs: 60_000,
    intervalMs: 20,
  });
}

test.each([
  { name: 'metrics', path: '/metrics' },
  { name: 'host', path: '/probe?module=host&target=lab' },
  { name: 'site', path: '/probe?module=site&target=blog' },
  { name: 'bot', path: '/probe?module=bot&target=trend' },
  { name: 'job', path: '/probe?module=job&target=backup' },
  { name: 'stage', path: '/probe?module=job&target=draft' },
])(
  'the exporter has the series at $path that the golden file names',
  async ({ name, path }) => {
    const text = await readMetrics(path);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await compareWithGolden(name, seriesShapes(text))).toEqual({ added: [], missing: [] });
  },
  TIMEOUT_MS,
);

test(
  'drills the host by the way of a fix, proves it, and asks for no other drill',
  async () => {
    const isClosed = ({ alertname, state }: ApiRun) => alertname === 'StewardDrill' && state === 'closed';
    expect(await newRun([], isClosed, 'the drill')).toMatchObject({ instance: 'lab', outcome: 'verified' });
    expect(await callsOnHost(lab, 'host-drill')).toBe(1);
  },
  TIMEOUT_MS,
);

test(
  'does not believe an alert that somebody posted to Alertmanager by hand',
  async () => {
    await postAlert({
      alertname: 'WordPressPermissionsDrifted',
      instance: 'blog',
      host: 'lab',
      job: 'site',
      forged: 'yes',
    });
    const isDecided = ({ alertname, reason }: ApiRun) =>
      alertname === 'WordPressPermissionsDrifted' && reason !== null;
    const run = await newRun([], isDecided, 'a reason');
    expect(run).toMatchObject({ outcome: 'blocked', reason: 'not_corroborated' });
    expect(await callsOnHost(lab, 'site-fix-permissions')).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  'heals permissions that drifted, and proves it',
  async () => {
    const healing = await breakAndFollow(lab, permissions, () => undefined);
    expect(healing).toMatchObject({ isHealed: true, outcome: 'verified' });
    const { mode } = await stat(join(lab.site.path, 'wp-config.php'));
    expect((mode & 0o7777).toString(8)).toBe('640');
    expect(await callsOnHost(lab, 'site-fix-permissions')).toBe(1);
    const isOfFix = ({ alertname, outcome }: ApiRun) =>
      alertname === permissions.alertname && outcome === 'verified';
    const kinds = (await runsOf(lab)).find(isOfFix)?.events;
    expect(kinds?.map(({ kind }) => kind).filter((kind) => kind !== 'locked')).toEqual([
      'received',
      'matched',
      'corroborated',
      'guarded',
      'acting',
      'acted',
      'verifying',
      'verified',
      'finished',
    ]);
  },
  TIMEOUT_MS,
);

test(
  'restarts a PHP-FPM that was killed, and the site answers again',
  async () => {
    const healing = await breakAndFollow(lab, phpFpm, () => undefined);
    expect(healing).toMatchObject({ isHealed: true, outcome: 'verified' });
    expect((await fetch(lab.site.url)).status).toBe(200);
  },
  TIMEOUT_MS,
);

test(
  'survives a kill -9 between the fix and its proof: the fix is not sent again, and the run is settled',
  async () => {
    const before = await callsOnHost(lab, 'service-restart');
    let runs: readonly ApiRun[] = [];
    await waitUntil(
      async () => {
        runs = await runsOf(lab);
        return isOver(runs);
      },
      // An alert that did not stay away at once is told of a minute later: Alertmanager's repeat_interval.
      {
        what: 'the last run to be over',
        timeoutMs: 120_000,
        explain: () => inspect(runs.filter(hasActed), { depth: 4 }),
      },
    );
    const known = await runsOf(lab);
    await phpFpm.inject(lab.site);
    const isDone = ({ events }: ApiRun) => events.some(({ kind }) => kind === 'acted');
    const { id } = await newRun(known, isDone, 'the fix to be done');
    lab.processes.remediator.kill('SIGKILL');
    await lab.processes.remediator.ended;
    await lab.restart('remediator');
    const closed = await newRun(known, (run) => run.id === id && run.state === 'closed', 'the run to close');
    expect(closed.outcome).toBe('verified');
    expect(closed.events.map(({ kind }) => kind)).toContain('settling');
    expect(await callsOnHost(lab, 'service-restart')).toBe(before + 1);
  },
  2 * TIMEOUT_MS,
);

test(
  'every query of every panel and annotation has had data by now, but for those that are listed with a reason',
  async () => {
    await liveIn(lab);
    const expected = Object.values(silentPanels).flat().toSorted();
    const silent = async () =>
      (await silentQueries(lab)).filter((query) => !Object.hasOwn(changingPanels, query)).toSorted();
    // What was read last is on its way to Prometheus.
    await waitUntil(async () => isDeepStrictEqual(await silent(), expected), {
      what: 'the last samples',
      timeoutMs: 60_000,
    }).catch(() => undefined);
    expect(await silent()).toEqual(expected);
  },
  TIMEOUT_MS,
);

test(
  'Prometheus has had the series that lived-in.txt names, now that the lab was lived in',
  async () => {
    const shapes = shapesInPrometheus(await listedSeries(lab));
    expect(await compareWithGolden('lived-in', shapes)).toEqual({ added: [], missing: [] });
  },
  TIMEOUT_MS,
);

function hasActed({ events }: ApiRun): boolean {
  return events.some(({ kind }) => kind === 'acting');
}

/**
 * At this interval, the lab's policies rest ten seconds after each action. And Alertmanager has told of each end: where an alert fires
 * again before that, it sees nothing new in its group, and is silent until its repeat_interval.
 */
function isOver(runs: readonly ApiRun[]): boolean {
  const acted = runs.filter(hasActed);
  const acts = acted.flatMap(({ events }) => events.filter(({ kind }) => kind === 'acting'));
  const isRested = Date.now() - Math.max(0, ...acts.map(({ at }) => Date.parse(at))) > 10_000;
  return isRested && acted.every(({ alertStatus }) => alertStatus === 'resolved');
}
