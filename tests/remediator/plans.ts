import type { Plan } from '../../remediator/run/run.ts';

/** Makes the plan of a fix of a site, with changes to it. */
export function makePlan(changes: Partial<Plan> = {}): Plan {
  return {
    policy: 'fix',
    revision: 'r1',
    stage: 0,
    action: 'wordpress.fix-permissions',
    target: 'blog',
    host: 'web1',
    parameters: {},
    ...changes,
  };
}
