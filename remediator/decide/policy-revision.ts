import { createHash } from 'node:crypto';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { oncePerPolicy } from './once-per-policy.ts';

/**
 * What stands for the text of a policy: all that says when, what and how it is proved, and the commands of the custom actions that it leads to. Trust that
 * a policy has earned, and an approval, are for that text; how often it may act, and how it comes to be allowed to, are no part of it.
 */
export function policyRevision(policy: Policy, customActions: Inventory['actions']): string {
  const commands = [policy, ...policy.then].flatMap(({ action }) => customActions[action] ?? []);
  const own = ownRevision(policy);
  return commands.length === 0 ? own : digest([own, commands]);
}

const ownRevision = oncePerPolicy(({ match, action, with: parameters, then, guard, verify }) =>
  digest([match, action, parameters, then, guard, verify]),
);

function digest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
