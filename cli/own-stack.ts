import { moduleNames } from '../exporter/modules.ts';
import { inventorySchema, type Inventory } from '../inventory/schema/inventory.ts';
import { CommandError } from './command.ts';

/** What can stand in YAML and in a template of Prometheus without being anything but text. */
const PLAIN_URL = /^https?:\/\/[\w.:/~%@[\]-]+$/;
/** A matcher of the label `job`, in PromQL, or in PromQL within JSON. */
const JOB_MATCHER = /\b(job=~?\\?")([a-z|]+)(?=\\?")/g;
/** The jobs that Steward's own services are, which `exporter.job_prefix` goes before. */
const ownJobs: ReadonlySet<string> = new Set([...moduleNames, 'exporter', 'remediator']);

/**
 * Makes what turns rules and dashboards that ship into the operator's: links lead to where they open Grafana and the remediator, and jobs have their
 * prefix. Throws a CommandError for an address that cannot stand in a rule.
 */
export function forOwnStack(inventory: Inventory): (text: string) => string {
  const own = addressesIn(inventory);
  const shipped = addressesIn(inventorySchema.parse({})).map((address) => `${address}/`);
  const links = new RegExp(shipped.map((address) => RegExp.escape(address)).join('|'), 'g');
  const withPrefix = (job: string): string =>
    ownJobs.has(job) ? `${inventory.exporter.job_prefix}${job}` : job;
  return (text) =>
    text
      .replace(links, (address) => `${own[shipped.indexOf(address)] ?? ''}/`)
      .replace(
        JOB_MATCHER,
        (_matcher, before: string, jobs: string) => before + jobs.split('|').map(withPrefix).join('|'),
      );
}

function addressesIn({ remediator, grafana }: Pick<Inventory, 'remediator' | 'grafana'>): string[] {
  return Object.entries({ remediator, grafana }).map(([name, { external_url: url }]) => {
    const address = url.replace(/\/+$/, '');
    if (PLAIN_URL.test(address)) return address;
    throw new CommandError(
      `${name}.external_url cannot stand in a rule: ${address}; write it with letters, digits and . : / ~ % @ - alone`,
    );
  });
}
