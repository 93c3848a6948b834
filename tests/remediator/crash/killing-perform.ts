import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as product from '../../../remediator/run/perform.ts';
import { atPoint } from './kill-point.ts';

export const { describeOutcome, foundBrokenConfiguration, foundHostBusy, saidBy, wasNeverStarted } = product;

/** In the place of the product's own. */
export const perform: typeof product.perform = (step, ...args) =>
  atPoint('perform', step.kind, () => product.perform(step, ...args), untilItRunsOnTheHost);

/** The stage's host holds what it is sent next, and has written down that it came. */
async function untilItRunsOnTheHost(): Promise<void> {
  const folder = process.env['HOST_FOLDER'] ?? '';
  const calls = join(folder, 'calls');
  const size = () => (existsSync(calls) ? statSync(calls).size : 0);
  const before = size();
  writeFileSync(join(folder, 'hold'), '');
  while (size() === before) await sleep(1);
}
