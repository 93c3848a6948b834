import { customUndoVerb, customVerb, type SentVerb } from '../../hosts/verbs.ts';
import type { CustomAction } from '../../inventory/schema/action.ts';
import type { Action, CommandStep, SlotSource } from './action.ts';

/** More than the host gives the command, so that the host ends it first and says so. */
const GRACE_SECONDS = 10;

/** Makes an action out of one of steward.yml. Its undo runs where the fix was not proved, and where a site answered before and not after. */
export function customAction(name: string, entry: CustomAction): Action {
  const slots: SlotSource[] = [
    { from: 'target' },
    ...Object.keys(entry.parameters).map((parameter) => ({ parameter })),
    { from: 'run' },
  ];
  const step = (verb: SentVerb): CommandStep => ({
    kind: 'command',
    verb,
    slots,
    timeoutSeconds: Math.ceil(entry.timeout / 1000) + GRACE_SECONDS,
  });
  return {
    name,
    summary: 'An action of steward.yml.',
    target: entry.target,
    parameters: Object.fromEntries(
      Object.entries(entry.parameters).map(([parameter, fits]) => [parameter, { fits }]),
    ),
    steps: [step(customVerb(name))],
    idempotent: entry.idempotent,
    refresh: entry.refresh,
    ...(entry.undo !== undefined && { undo: step(customUndoVerb(name)), isUndoneUnlessProved: true }),
    ...(entry.undo !== undefined &&
      entry.target === 'site' && {
        harm: {
          healthy: 'probe_success{instance="$target"} == 1',
          harmed: 'probe_success{instance="$target"} == 0',
        },
      }),
  };
}
