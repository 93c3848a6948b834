import { readFileSync } from 'node:fs';
import { actions } from '../../remediator/actions.ts';

/** Every action, as messages list them. */
export const actionNames = [...actions.keys()].join(', ');

/** The policies that are shipped, in their order. */
export const shippedPolicyNames: readonly string[] = [
  ...readFileSync('inventory/policies/shipped-policies.yml', 'utf8').matchAll(/^- name: (\S+)$/gm),
].flatMap(([, name]) => name ?? []);
