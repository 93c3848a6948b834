import { Counter, type Registry } from 'prom-client';
import { tellingResults, type TellingResult } from '../notify/send-owed.ts';

/** Adds the counter of what became of attempts to tell people, each result from the start. */
export function addTellingCounter(registers: Registry[]): (result: TellingResult) => void {
  const notifications = new Counter({
    name: 'steward_remediator_notifications_total',
    help: 'Times that people were to be told something: told, failed (and tried again), or given up.',
    labelNames: ['result'],
    registers,
  });
  for (const result of tellingResults) notifications.inc({ result }, 0);
  return (result) => notifications.inc({ result });
}
