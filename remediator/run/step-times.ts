import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action, Step, UndoStep, WaitStep } from '../actions/action.ts';
import type { Plan } from './run.ts';

const HOUR_MS = 3_600_000;

/** How long a wait may last, in milliseconds. */
export function waitMs({ within }: WaitStep, { parameters }: Plan): number {
  return 'seconds' in within ? within.seconds * 1000 : Number(parameters[within.hours]) * HOUR_MS;
}

function stepMs(step: Step | UndoStep, plan: Plan): number {
  return step.kind === 'wait' ? waitMs(step, plan) : step.timeoutSeconds * 1000;
}

/**
 * As long as what is left of an action, from one step on, and its proof may take at the most, an undo included; up to the next wait that may be given up,
 * if there is one.
 */
export function restOfRunMs({ steps, undo }: Action, from: number, plan: Plan, { verify }: Policy): number {
  const left = steps.slice(from);
  const waitAt = left.findIndex((step) => step.kind === 'wait' && step.completes !== true);
  const counted = [
    ...left.slice(0, waitAt === -1 ? undefined : waitAt),
    ...(undo === undefined ? [] : [undo]),
  ];
  return counted.reduce((sum, step) => sum + stepMs(step, plan), verify.within + 60_000);
}
