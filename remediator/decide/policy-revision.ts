import { createHash } from 'node:crypto';
import { oncePerPolicy } from './once-per-policy.ts';

/**
 * What stands for the text of a policy: all that says when, what and how it is proved. Trust that a policy has earned, and an approval, are for that
 * text; how often it may act, and how it comes to be allowed to, are no part of it.
 */
export const policyRevision = oncePerPolicy(({ match, action, with: parameters, then, guard, verify }) =>
  createHash('sha256')
    .update(JSON.stringify([match, action, parameters, then, guard, verify]))
    .digest('hex')
    .slice(0, 16),
);
