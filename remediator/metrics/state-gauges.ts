import { Gauge, type Registry } from 'prom-client';
import type { LastReload } from '../../inventory/inventory-holder.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { isPaused } from '../pause.ts';
import { policyModes } from './policy-modes.ts';
import type { Journal } from '../store/journal.ts';

/** So long an alert may fire on after its fix was started and proved: keep_firing_for of most of those that Steward heals is shorter. */
const PROVED_MS = 15 * 60_000;

/** What the gauges are read from. */
export interface StateSources {
  readonly active: () => number;
  readonly lastReload: () => LastReload;
  readonly inventory: () => Inventory;
  readonly journal: Pick<
    Journal,
    'pause' | 'countAwaitingApproval' | 'countOwed' | 'alertsInHand' | 'lastActions' | 'ballastBytes'
  >;
}

/** Adds the gauges of how things stand, each read when it is asked for. */
export function addStateGauges(registers: Registry[], { active, lastReload, journal }: StateSources): void {
  const paused: Gauge = new Gauge({
    name: 'steward_remediator_paused',
    help: 'Whether somebody has paused the remediator, 0 or 1.',
    registers,
    collect: () => setFromJournal(paused, async () => (isPaused(await journal.pause(), Date.now()) ? 1 : 0)),
  });
  const awaiting: Gauge = new Gauge({
    name: 'steward_remediator_runs_awaiting_approval',
    help: 'Runs that wait for a person to approve or deny them.',
    registers,
    collect: () => setFromJournal(awaiting, () => journal.countAwaitingApproval()),
  });
  addOwedGauge(registers, journal);
  const inHand: Gauge<'alertname' | 'target'> = new Gauge({
    name: 'steward_remediator_alert_in_hand',
    help: 'Always 1: an alert whose run is between its start and its end or rests, or which fires on though its fix was just proved. No series for others.',
    labelNames: ['alertname', 'target'],
    registers,
    async collect() {
      const alerts = await soon(journal.alertsInHand(Date.now() - PROVED_MS));
      inHand.reset();
      for (const { alertname, target } of alerts ?? []) inHand.set({ alertname, target }, 1);
    },
  });
  const up: Gauge = new Gauge({
    name: 'steward_remediator_journal_up',
    help: 'Whether the journal answers within a second, 0 or 1.',
    registers,
    collect: async () => up.set((await soon(journal.pause().then(() => true))) === undefined ? 0 : 1),
  });
  const { ballastBytes } = journal;
  if (ballastBytes !== undefined) {
    const help = 'Room that is kept for the journal, and given up where its disk is full, in bytes.';
    addGauge(registers, 'steward_remediator_journal_ballast_bytes', help, ballastBytes);
  }
  addGauge(registers, 'steward_remediator_runs_in_progress', 'Runs that are being worked on.', active);
  addGauge(
    registers,
    'steward_config_last_reload_successful',
    'Whether the last reading of steward.yml succeeded, 0 or 1.',
    () => (lastReload().successful ? 1 : 0),
  );
  addGauge(
    registers,
    'steward_config_last_reload_success_timestamp_seconds',
    'When steward.yml was last read with success, in seconds since the epoch.',
    () => lastReload().succeededAtMs / 1000,
  );
  addGauge(
    registers,
    'process_resident_memory_bytes',
    'Memory of the process that is in RAM, in bytes.',
    () => process.memoryUsage.rss(),
  );
}

function addOwedGauge(registers: Registry[], journal: StateSources['journal']): void {
  const owed: Gauge = new Gauge({
    name: 'steward_remediator_notifications_owed',
    help: 'Messages that people are owed and that no receiver has taken yet.',
    registers,
    collect: () => setFromJournal(owed, () => journal.countOwed()),
  });
}

/** Adds what the messages of alerts are made from, which say what Steward does about them: the rules ask for it where they make the message. */
export function addPolicyModes(
  registers: Registry[],
  { inventory, journal }: Pick<StateSources, 'inventory' | 'journal'>,
): void {
  const gauge: Gauge<'policy' | 'alert' | 'mode'> = new Gauge({
    name: 'steward_remediator_policy_mode',
    help: 'How far a policy may go by itself with an alert that it names: its mode, or paused while all are. Always 1.',
    labelNames: ['policy', 'alert', 'mode'],
    registers,
    collect: async () => {
      const isPausedNow = await soon(journal.pause().then((pause) => isPaused(pause, Date.now())));
      gauge.reset();
      if (isPausedNow === undefined) return;
      for (const { policy, alert, mode } of policyModes(inventory().policies)) {
        gauge.set({ policy, alert, mode: isPausedNow && mode !== 'observe' ? 'paused' : mode }, 1);
      }
    },
  });
}

/** A journal that does not answer soon costs the series that come from it, and no other: they tell that it does not. */
const JOURNAL_MS = 1000;

async function setFromJournal(gauge: Gauge, read: () => Promise<number>): Promise<void> {
  const value = await soon(read());
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

/** What the journal answers within a second, or undefined. */
export async function soon<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, JOURNAL_MS, undefined);
  });
  const value = await Promise.race([reading.catch(() => undefined), late]);
  clearTimeout(timer);
  return value;
}

function addGauge(registers: Registry[], name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
}
