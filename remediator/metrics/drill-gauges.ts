import { Gauge, type Registry } from 'prom-client';
import { drill } from '../actions/drill.ts';
import { drilledHosts } from '../decide/drills.ts';
import { soon, type StateSources } from './state-gauges.ts';
import type { LastAction } from '../store/journal.ts';

/** Adds when each host was drilled, from the journal: 0 is never. The rules ask for the next drill by it. */
export function addDrillGauges(registers: Registry[], sources: StateSources): void {
  addDrillGauge(
    registers,
    sources,
    'steward_remediator_last_drill_timestamp_seconds',
    'When the last drill of a host began that came through, in seconds since the epoch; 0 for never. Only hosts that are drilled.',
    ({ succeededAtMs }) => succeededAtMs,
  );
  addDrillGauge(
    registers,
    sources,
    'steward_remediator_last_drill_begun_timestamp_seconds',
    'When the last drill of a host began, however it ended, in seconds since the epoch; 0 for never. Only hosts that are drilled.',
    ({ begunAtMs }) => begunAtMs,
  );
}

function addDrillGauge(
  registers: Registry[],
  { inventory, journal }: StateSources,
  name: string,
  help: string,
  timeOf: (last: LastAction) => number | undefined,
): void {
  const gauge: Gauge<'target'> = new Gauge({
    name,
    help,
    labelNames: ['target'],
    registers,
    async collect() {
      const drills = await soon(journal.lastActions(drill.name, drilledHosts(inventory())));
      gauge.reset();
      for (const last of drills ?? []) gauge.set({ target: last.host }, (timeOf(last) ?? 0) / 1000);
    },
  });
}
