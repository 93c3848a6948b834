import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { drill } from '../actions/drill.ts';
import { policyFor } from './planned.ts';

/** The alert that asks for a drill: prometheus/rules/steward.yml. */
const ALERT = 'StewardDrill';

/** Whether a policy or plan is a drill. It heals nothing, and so it is neither counted nor told as what heals. */
export function isDrill(what: Pick<Policy, 'action'> | undefined): boolean {
  return what?.action === drill.name;
}

/**
 * The hosts that are drilled: those whose drill a policy answers by more than observing, once some policy may heal by more than observing. Before that
 * nothing was agreed to be run on any host.
 */
export function drilledHosts({ hosts, policies }: Pick<Inventory, 'hosts' | 'policies'>): readonly string[] {
  const isOn = (policy: Policy | undefined) => policy !== undefined && policy.mode !== 'observe';
  if (!policies.some((policy) => isOn(policy) && !isDrill(policy))) return [];
  return Object.keys(hosts).filter((host) => {
    const labels = { alertname: ALERT, severity: 'drill', instance: host, host };
    const policy = policyFor(labels, policies);
    return isOn(policy) && isDrill(policy);
  });
}
