import type { Collector } from './collector.ts';
import { createChecksumsCollector } from './collectors/checksums.ts';
import { createVulnerabilitiesCollector } from './collectors/vulnerabilities.ts';
import { createKnownVulnerabilities } from './integrity/known-vulnerabilities.ts';
import { suspiciousFiles } from './collectors/suspicious-files.ts';
import {
  createWordPressOrg,
  keptChecksumsSchema,
  type WordPressOrgAddresses,
} from './integrity/wordpress-org.ts';
import { openStateFile } from './state/state-file.ts';
import { join } from 'node:path';
import { createChangesCollector } from './collectors/changes.ts';
import { createBotApiCollector } from './collectors/bot-api.ts';
import { boot } from './collectors/boot-time.ts';
import { database } from './collectors/database.ts';
import { cpu } from './collectors/cpu.ts';
import { contentPipeline } from './collectors/content-pipeline.ts';
import { createFreqtradeCollectors } from './collectors/freqtrade/freqtrade.ts';
import { filesystems } from './collectors/filesystems.ts';
import { http } from './collectors/http.ts';
import { createJobCollector } from './collectors/job.ts';
import { load } from './collectors/load.ts';
import { createLogsCollector } from './collectors/logs.ts';
import { botLogMetrics, siteLogMetrics } from './logs/log-metrics.ts';
import { memory } from './collectors/memory.ts';
import { network } from './collectors/network.ts';
import { permissions } from './collectors/permissions.ts';
import { createOperatingSystemCollector } from './collectors/operating-system.ts';
import { reachability } from './collectors/reachability.ts';
import { clock } from './collectors/clock.ts';
import { clockSync } from './collectors/clock-sync.ts';
import { conntrack } from './collectors/conntrack.ts';
import { disks } from './collectors/disks.ts';
import { oomKills } from './collectors/oom-kills.ts';
import { openFiles } from './collectors/open-files.ts';
import { opcache } from './collectors/opcache.ts';
import { phpFpm } from './collectors/php-fpm.ts';
import { pressure } from './collectors/pressure.ts';
import { processMemory } from './collectors/processes.ts';
import { rebootRequired } from './collectors/reboot-required.ts';
import { swapping } from './collectors/swapping.ts';
import { services } from './collectors/services.ts';
import { wordpress } from './collectors/wordpress/wordpress.ts';
import type { OsInfo } from './clients/os-info.ts';
import type { BotTarget, HostTarget, JobTarget, SiteTarget } from './targets/target.ts';

/** What collectors need besides their target. */
export interface CollectorDependencies {
  /** What runs on the exporter's own machine. */
  readonly osInfo: () => Promise<OsInfo>;
  /** The folder of what must survive a restart. */
  readonly stateFolder: () => string;
  /** Where wordpress.org is asked. */
  readonly wordPressOrg: () => WordPressOrgAddresses;
  /** Where known vulnerabilities are asked for; undefined where nobody is to be asked. */
  readonly vulnerabilitiesUrl: () => string | undefined;
}

/** Every collector, by module. A new one is added here. */
export interface Collectors {
  readonly host: readonly Collector<HostTarget>[];
  readonly site: readonly Collector<SiteTarget>[];
  readonly bot: readonly Collector<BotTarget>[];
  readonly job: readonly Collector<JobTarget>[];
}

/** The list of collectors. */
export function createCollectors({
  osInfo,
  stateFolder,
  wordPressOrg,
  vulnerabilitiesUrl,
}: CollectorDependencies): Collectors {
  const keptChecksums = (name: string) =>
    openStateFile(join(stateFolder(), 'checksums'), name, keptChecksumsSchema);
  return {
    host: [
      reachability,
      cpu,
      memory,
      swapping,
      oomKills,
      load,
      pressure,
      filesystems,
      disks,
      openFiles,
      network,
      conntrack,
      boot,
      rebootRequired,
      clock,
      clockSync,
      processMemory,
      createOperatingSystemCollector(osInfo),
      services,
    ],
    site: [
      http,
      permissions,
      phpFpm,
      opcache,
      database,
      wordpress,
      createChecksumsCollector(createWordPressOrg(wordPressOrg, keptChecksums)),
      createVulnerabilitiesCollector(
        createKnownVulnerabilities(vulnerabilitiesUrl),
        () => vulnerabilitiesUrl() !== undefined,
      ),
      suspiciousFiles,
      createChangesCollector(stateFolder),
      createLogsCollector(stateFolder, siteLogMetrics),
    ],
    bot: [
      ...createFreqtradeCollectors(stateFolder),
      createBotApiCollector(Date.now),
      createLogsCollector(stateFolder, botLogMetrics),
    ],
    job: [createJobCollector(Date.now), contentPipeline],
  };
}

/** The name of each of them. */
export function collectorNames({ host, site, bot, job }: Collectors): string[] {
  return [host, site, bot, job].flatMap((module) => module.map(({ name }) => name));
}
