import { hostSeenHere } from '../../inventory/own-machine.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';

/** A group of targets as Prometheus's http_sd takes it. */
export interface TargetGroup {
  readonly targets: readonly [string];
  readonly labels: Readonly<Record<string, string>> & { readonly job: string };
}

/**
 * Lists what Prometheus is to scrape: one target for each module of each entry, so that no two write the same `up`. `address` is where
 * Prometheus reaches the exporter.
 */
export function targetGroups(inventory: Inventory, address: string): TargetGroup[] {
  const hosts = Object.entries(inventory.hosts);
  const own = hostSeenHere(inventory.hosts);
  const metrics =
    own === undefined ? { job: 'exporter', instance: 'exporter' } : { job: 'host', instance: own, host: own };
  return [
    { targets: [address], labels: { __metrics_path__: '/metrics', ...metrics } },
    ...hosts.filter(([id]) => id !== own).map(([id]) => probe(address, 'host', id, id)),
    ...Object.entries(inventory.sites).map(([id, { host }]) => probe(address, 'site', id, host)),
    ...Object.entries(inventory.bots).map(([id, { host }]) => probe(address, 'bot', id, host)),
    ...Object.entries(inventory.jobs).map(([id, { host }]) => probe(address, 'job', id, host)),
  ];
}

function probe(address: string, module: string, id: string, host: string | undefined): TargetGroup {
  return {
    targets: [address],
    labels: {
      __metrics_path__: '/probe',
      __param_module: module,
      __param_target: id,
      job: module,
      instance: id,
      ...(host === undefined ? {} : { host }),
    },
  };
}

/** The same groups with something before their jobs, where another job of the same Prometheus has such a name. */
export function withJobPrefix(groups: readonly TargetGroup[], prefix: string): TargetGroup[] {
  return groups.map(({ targets, labels }) => ({ targets, labels: { ...labels, job: prefix + labels.job } }));
}
