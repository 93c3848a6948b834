import type { Act } from './alert-fault.ts';
import { bots, losses, strangeBots } from './bots.ts';
import { posts, silence } from './content.ts';
import { busy, disks, flapping, fullDisk, hostDown, machines, operation, restarted } from './hosts.ts';
import { jobs, lateJob } from './jobs.ts';
import * as php from './php.ts';
import * as sites from './sites.ts';
import * as steward from './steward.ts';
import * as wordpress from './wordpress.ts';

/**
 * The faults of the campaign, act by act, each of which is made and mended before the next. A new alert's fault is an entry in the file of
 * its subject: what is wrong, the alert's name, and how it becomes so; `npm run every-alert` then shows that it fires. Where a fault that
 * is there has it fire as well, its name beside the others is enough. The fault comes with the second act where it hides no other alert;
 * with the third where the alert asks what was before, which the stage then has from its start; and in an act of its own where it breaks
 * what others need. What none can show stands in `not-on-the-lab.ts`, with the reason.
 */
export const acts: readonly Act[] = [
  {
    name: 'as it is started',
    isFromTheStart: true,
    faults: [
      ...steward.fromTheBeginning,
      ...strangeBots,
      lateJob,
      wordpress.vulnerable,
      wordpress.updates,
      ...operation,
    ],
  },
  {
    name: 'what hides nothing',
    faults: [
      ...jobs,
      ...bots,
      ...posts,
      ...wordpress.neglected,
      ...wordpress.intruders,
      wordpress.fatalErrors,
      ...disks,
      ...machines,
      ...php.strained,
    ],
  },
  {
    name: 'what is not as it was',
    faults: [...silence, ...losses, wordpress.noCache, sites.noVisitors, fullDisk],
  },
  { name: 'configuration that is refused', faults: steward.configuration },
  { name: 'rules and series', faults: steward.tooMuch },
  { name: 'connections', faults: [php.connections] },
  { name: 'a part that is not read', faults: [wordpress.unreadable] },
  { name: 'a large log', faults: [wordpress.logs] },
  { name: 'processors', faults: [busy] },
  { name: 'slow pages', faults: [sites.slow] },
  { name: 'a busy pool', faults: [php.saturated] },
  { name: 'OPcache', faults: [php.noOpcache] },
  { name: 'a service that comes and goes', faults: [flapping] },
  { name: 'maintenance', faults: [wordpress.maintenance] },
  { name: 'a redirect', faults: [sites.redirected] },
  { name: 'a plugin', faults: [sites.brokenPlugin] },
  { name: 'errors', faults: [sites.serverErrors] },
  { name: 'no socket', faults: [php.noSocket] },
  { name: 'no database', faults: [php.noDatabase] },
  { name: 'a certificate', faults: [sites.certificate] },
  { name: 'a host that was restarted', faults: [restarted] },
  { name: 'no host', faults: [hostDown] },
  { name: 'a target', faults: [steward.unknownTarget] },
  { name: 'a journal that does not answer', faults: [steward.frozenJournal] },
  { name: 'a full journal', faults: [steward.fullJournal] },
  { name: 'no remediator', faults: [steward.noRemediator] },
  { name: 'no exporter', faults: [steward.noExporter] },
];
