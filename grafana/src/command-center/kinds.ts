import { pages, type Page } from '../pages.ts';
import { chosen } from '../query.ts';

/** A kind of what is watched: as bad as the worst of its targets. */
export interface Kind {
  readonly name: string;
  /** Where its targets are looked at. */
  readonly page: Page;
  /** Whether its targets can be read: one that cannot is broken, whatever it said last. */
  readonly read: string;
  /** What is 0 where a target is broken, and 1 where it is not. */
  readonly states: readonly string[];
  /** The alerts that are about it, as matchers. */
  readonly alerts: string;
}

/** The alerts of prometheus/rules/content.yml; a test compares. */
export const contentAlerts = [
  'PostsMissedSchedule',
  'PostsWithoutCronEvent',
  'PostsWaitForReview',
  'ScheduledPostsIncomplete',
  'ContentQueueRunsOut',
  'NothingPublished',
  'DraftsForgotten',
] as const;

/** The alerts of prometheus/rules/steward.yml, but for those that say nothing bad of the watching itself; a test compares. */
export const watchingAlerts = [
  'ExporterDown',
  'TargetNotRead',
  'CollectorFailing',
  'ConfigurationRejected',
  'RemediatorDown',
  'NotificationsFailing',
  'AlertmanagerConfigurationRejected',
  'SeriesDropped',
  'DataOld',
  'LogNotReadable',
  'RemediatorInterrupted',
  'JournalNotWritten',
  'JournalDiskFull',
  'JournalDown',
  'MessagesNotTaken',
  'AlertsLeftOut',
  'DrillLate',
  'PrometheusConfigurationRejected',
  'RulesFailing',
  'RemediatorPaused',
] as const;

const ofContent = contentAlerts.join('|');
const services = 'ServiceDown|ServiceFlapping';
const sites = `up{job="site", ${chosen}}`;
const hosts = `up{job="host", ${chosen}}`;

/** Each kind, in the order of its line. */
export const kinds: readonly Kind[] = [
  {
    name: 'Sites',
    page: pages.site,
    read: sites,
    states: ['probe_success', 'wordpress_up', 'phpfpm_up', 'mysql_up'].map(
      (metric) => `${metric}{job="site", ${chosen}}`,
    ),
    alerts: `job="site", ${chosen}, alertname!~"${ofContent}"`,
  },
  {
    name: 'Servers',
    page: pages.host,
    read: hosts,
    states: [`host_up{${chosen}}`],
    alerts: `job="host", ${chosen}, alertname!~"${services}"`,
  },
  {
    name: 'Services',
    page: pages.host,
    read: `${hosts} and on (job, instance) ${seenWithinADay('host_service_up')}`,
    states: [`host_service_up{${chosen}}`],
    alerts: `job="host", ${chosen}, alertname=~"${services}"`,
  },
  {
    name: 'Bots',
    page: pages.bots,
    read: `up{job="bot", ${chosen}}`,
    states: [`freqtrade_up{${chosen}}`, `trading_bot_up{${chosen}}`],
    alerts: `job="bot", ${chosen}`,
  },
  {
    name: 'Content',
    page: pages.content,
    read: `${sites} and on (job, instance) ${seenWithinADay('content_posts_missed_schedule')}`,
    states: [
      `content_posts_missed_schedule{${chosen}} == bool 0`,
      `content_posts_scheduled_without_cron_event{${chosen}} == bool 0`,
    ],
    alerts: `job="site", ${chosen}, alertname=~"${ofContent}"`,
  },
  {
    name: 'Jobs',
    page: pages.jobs,
    read: `up{job="job", ${chosen}}`,
    states: [`1 - job_late{${chosen}}`],
    alerts: `job="job", ${chosen}`,
  },
  {
    name: 'Watching',
    page: pages.steward,
    // One for all targets, so that it is shown whichever of them are chosen.
    read: 'up{job=~"exporter|remediator|prometheus|alertmanager"}',
    states: [],
    alerts: `alertname=~"${watchingAlerts.join('|')}"`,
  },
];

/** 2 where a kind is well, 1 where an alert of it is a ticket, and 0 where it is broken or an alert of it is a page. */
export function stateOf({ read, states, alerts }: Kind): string {
  const firing = (severity: string) =>
    `(max(ALERTS{alertstate="firing", severity="${severity}", ${alerts}}) or vector(0))`;
  return [
    `min(${read})`,
    ...states.map((state) => `(min(${state}) or vector(1))`),
    `(1 - ${firing('page')})`,
    `(2 - ${firing('ticket')})`,
  ].join(' * ');
}

/**
 * The series of targets that are read, or are not now and were within a day: what is not there at all has no line. One look in ten minutes is
 * enough, and costs a fraction of each sample of a day.
 */
function seenWithinADay(metric: string): string {
  const series = `${metric}{${chosen}}`;
  return `(${series} or last_over_time(${series}[1d:10m]))`;
}
