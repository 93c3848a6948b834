import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { alertRules } from '../../rules/rule-files.ts';
import { acts } from './acts.ts';
import type { AlertFault } from './alert-fault.ts';
import { beginRhythm } from './content.ts';
import type { AlertLabels, SeenAlert } from './seen-alerts.ts';
import { startStage, type Stage } from './stage.ts';
import { turnCacheOn } from './wordpress.ts';

/*
 * Prometheus, exporter, remediator, sshd, WordPress, MariaDB, PHP-FPM and nginx are real, and so is what is done to them, but for this:
 *
 *   time           what rules look back on is shortened by the logarithm, and what they wait for is two seconds: shorten-time.ts
 *   thresholds     are as they ship, but for the few in shorten-time.ts
 *   the bots       are doubles that answer as freqtrade documents it, or as a JSON of the operator's own does
 *   the machine    says that it is short of memory or was restarted by real files of /proc with another number: hosts.ts
 *   file systems   that fill up or become read-only are real ones in images, in a mount namespace of the host's sshd: file-systems.ts
 */

const TIMEOUT_MS = 400_000;
/** The longest that rules look back on is a minute and a half. */
const WAIT_MS = 150_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await turnCacheOn(stage);
  await beginRhythm(stage);
}, TIMEOUT_MS);
afterAll(() => (stage as Stage | undefined)?.stop(), TIMEOUT_MS);

describe.each(acts)('$name', ({ faults, isFromTheStart = false }) => {
  const failures = new Map<AlertFault, unknown>();
  const ended = new AbortController();
  let sinceMs = 0;
  let untilMs = 0;

  beforeAll(async () => {
    if (!isFromTheStart) {
      await Promise.all(faults.flatMap(alertsOf).map((alert) => stage.seen.untilSilent(alert)));
      sinceMs = Date.now();
    }
    for (const fault of faults) {
      try {
        await fault.inject(stage, ended.signal);
      } catch (error) {
        failures.set(fault, error);
      }
    }
    untilMs = Date.now() + WAIT_MS;
  }, TIMEOUT_MS);
  afterAll(async () => {
    ended.abort();
    for (const { mend } of faults) await mend?.(stage);
  }, TIMEOUT_MS);

  test.each(faults)(
    '$description: $alerts',
    async (fault) => {
      if (failures.has(fault)) throw failures.get(fault);
      for (const alert of alertsOf(fault)) {
        const timeoutMs = Math.max(1000, untilMs - Date.now());
        expectWhole(alert.alertname, await stage.seen.untilSeen(alert, sinceMs, timeoutMs));
      }
    },
    TIMEOUT_MS,
  );
});

function alertsOf({ alerts, of = {} }: AlertFault): AlertLabels[] {
  return alerts.map((alertname) => ({ ...of[alertname], alertname }));
}

/** What a text has that a template left behind, or that a label should have been: two blanks, and a blank before a full stop. */
const BROKEN = /<no value>|<error|%!|\{\{|\}\}|NaN|[+-]Inf| {2}| [.,:;](?: |$)|[=(]$|\(\)/;

/** Its labels are as shipped, and so are the names of its texts, which have all that they are to have. */
function expectWhole(alertname: string, { labels, annotations }: SeenAlert): void {
  const rule = alertRules.find(({ alert }) => alert === alertname);
  expect(labels).toMatchObject(rule?.labels ?? {});
  expect(Object.keys(annotations).toSorted()).toEqual(Object.keys(rule?.annotations ?? {}).toSorted());
  expect(Object.entries(annotations).filter(([, text]) => text === '' || BROKEN.test(text))).toEqual([]);
}
