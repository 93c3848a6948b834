import type { Action } from '../actions/action.ts';
import type { Plan } from '../run/run.ts';

/** The names of Steward's own units, and of the containers that its compose file starts. */
const OWN_SERVICE = /^steward(?:$|[-_.@])/;

/** Whether an action would hit a service that is a part of Steward: what heals must not take itself away. */
export function hitsOwnPart({ parameters }: Plan, action: Action): boolean {
  return Object.entries(action.parameters).some(
    ([name, type]) =>
      'memberOf' in type && type.memberOf === 'services-of-host' && OWN_SERVICE.test(parameters[name] ?? ''),
  );
}
