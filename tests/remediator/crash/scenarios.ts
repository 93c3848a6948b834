import type { Alert } from '../../../remediator/alerts/alert.ts';
import { makeAlert } from '../alerts.ts';
import { alert, botAlert, probe, stalled, violations } from '../process/stage.ts';

/** One way that an alert can go, all of whose writes to the journal the process is killed at. */
export interface Scenario {
  readonly name: string;
  readonly policy: object;
  readonly alerts: readonly Alert[];
  /** How many times the journal is written to where nothing is killed. */
  readonly writes: number;
  /** What is performed then, in its order: commands on the host, or calls of the bot. */
  readonly performs: readonly ('command' | 'http')[];
  /** How many messages people get then. */
  readonly tells: number;
  /** What each verb brings about in the world: the series that it changes. */
  readonly effects: Readonly<Record<string, readonly [series: string, value: number]>>;
  /** What the world is before it, beside the stage's own. */
  readonly before?: readonly (readonly [series: string, value: number])[];
  /** How the runs end where nothing is killed, the newest first. */
  readonly outcomes: readonly string[];
}

const verify = {
  query: 'sum(wordpress_path_permission_violations{instance="$target"}) == 0',
  samples: 1,
  within: '5s',
};
const policy = { name: 'fix-permissions', mode: 'auto', cooldown: '1h', verify };
const quick = { ...policy, verify: { ...verify, within: '1s' } };
const healed = [violations, 0] as const;

/** The same site on a host that Prometheus does not have it on. */
const forged = makeAlert({ ...alert.labels, host: 'elsewhere' }, { fingerprint: 'b2' });

export const scenarios: readonly Scenario[] = [
  {
    name: 'a fix that heals',
    policy,
    alerts: [alert],
    writes: 5,
    performs: ['command'],
    tells: 1,
    effects: { 'site-fix-permissions': healed },
    outcomes: ['verified'],
  },
  {
    name: 'a fix that does not help',
    policy: quick,
    alerts: [alert],
    writes: 5,
    performs: ['command'],
    tells: 1,
    effects: {},
    outcomes: ['failed'],
  },
  {
    name: 'a fix that does harm, and is undone',
    policy,
    alerts: [alert],
    writes: 6,
    performs: ['command', 'command'],
    tells: 1,
    effects: { 'site-fix-permissions': [probe, 0], 'site-undo-permissions': [probe, 1] },
    outcomes: ['rolled_back'],
  },
  {
    name: 'a second step after one that does not help',
    policy: { ...policy, then: [{ action: 'wordpress.clear-caches' }] },
    alerts: [alert],
    writes: 9,
    performs: ['command', 'command'],
    tells: 2,
    effects: { 'site-clear-caches': healed },
    outcomes: ['verified', 'failed'],
  },
  {
    name: 'a fix that a person approves',
    policy: { ...policy, mode: 'approve' },
    alerts: [alert],
    writes: 7,
    performs: ['command'],
    tells: 2,
    effects: { 'site-fix-permissions': healed },
    outcomes: ['verified'],
  },
  {
    name: 'a bot that is restarted once it has no open trade',
    policy: {
      name: 'restart-bot',
      mode: 'auto',
      cooldown: '1h',
      guard: [],
      verify: { query: 'bot_stalled{instance="$target"} == 0', samples: 1, within: '5s' },
    },
    alerts: [botAlert],
    writes: 9,
    performs: ['http', 'command', 'http'],
    tells: 1,
    before: [[stalled, 1]],
    effects: { 'service-restart': [stalled, 0] },
    outcomes: ['verified'],
  },
  {
    name: 'an alert that is not true',
    policy,
    alerts: [forged],
    writes: 2,
    performs: [],
    tells: 1,
    effects: {},
    outcomes: ['blocked'],
  },
];
