import type { Collector } from './collector.ts';
import { boot } from './collectors/boot-time.ts';
import { cpu } from './collectors/cpu.ts';
import { contentPipeline } from './collectors/content-pipeline.ts';
import { filesystems } from './collectors/filesystems.ts';
import { http } from './collectors/http.ts';
import { createJobCollector } from './collectors/job.ts';
import { load } from './collectors/load.ts';
import { createLogsCollector } from './collectors/logs.ts';
import { siteLogMetrics } from './logs/log-metrics.ts';
import { memory } from './collectors/memory.ts';
import { network } from './collectors/network.ts';
import { createPermissionsCollector, type PermissionCounts } from './collectors/permissions.ts';
import { createOperatingSystemCollector } from './collectors/operating-system.ts';
import { reachability } from './collectors/reachability.ts';
import { clock } from './collectors/clock.ts';
import { conntrack } from './collectors/conntrack.ts';
import { disks } from './collectors/disks.ts';
import { oomKills } from './collectors/oom-kills.ts';
import { openFiles } from './collectors/open-files.ts';
import { phpFpm } from './collectors/php-fpm.ts';
import { pressure } from './collectors/pressure.ts';
import { rebootRequired } from './collectors/reboot-required.ts';
import { swapping } from './collectors/swapping.ts';
import { services } from './collectors/services.ts';
import { wordpress } from './collectors/wordpress/wordpress.ts';
import type { OsInfo } from './clients/os-info.ts';
import type { BackgroundReading } from './background.ts';
import type { HostTarget, JobTarget, SiteTarget } from './target.ts';

/** What collectors need besides their target. */
export interface CollectorDependencies {
  /** The background reading of a site's permissions. */
  readonly permissionTreeOf: (siteId: string) => BackgroundReading<PermissionCounts> | undefined;
  /** What runs on the exporter's own machine. */
  readonly osInfo: () => Promise<OsInfo>;
  /** The folder of what must survive a restart. */
  readonly stateFolder: () => string;
}

/** Every collector, by module. A new one is added here. */
export interface Collectors {
  readonly host: readonly Collector<HostTarget>[];
  readonly site: readonly Collector<SiteTarget>[];
  readonly job: readonly Collector<JobTarget>[];
}

/** The list of collectors. */
export function createCollectors({
  permissionTreeOf,
  osInfo,
  stateFolder,
}: CollectorDependencies): Collectors {
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
      createOperatingSystemCollector(osInfo),
      services,
    ],
    site: [
      http,
      createPermissionsCollector(permissionTreeOf),
      wordpress,
      phpFpm,
      createLogsCollector(stateFolder, siteLogMetrics),
    ],
    job: [createJobCollector(Date.now), contentPipeline],
  };
}
