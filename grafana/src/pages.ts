import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DashboardLink,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** What every dashboard is called and where it is found; alerts and links lead there. */
export interface Page {
  /** The last part of its address. */
  readonly uid: string;
  readonly title: string;
  /** The question that it answers. */
  readonly description: string;
  /** The jobs whose targets can be chosen on it, as a regular expression. */
  readonly jobs: string;
}

/** Every dashboard, in the order of the links at the top. */
export const pages = {
  commandCenter: {
    uid: 'steward-command-center',
    title: 'Command center',
    description: 'Is anything broken, what was healed, and what waits for you.',
    jobs: 'host|site|bot|job',
  },
  site: {
    uid: 'steward-site',
    title: 'Sites',
    description: 'Whether visitors get their pages, how fast, and what WordPress, PHP and the database do.',
    jobs: 'site',
  },
  security: {
    uid: 'steward-site-security',
    title: 'Site security and integrity',
    description: 'Whether the files, users, versions and settings of the sites are as they should be.',
    jobs: 'site',
  },
  content: {
    uid: 'steward-content',
    title: 'Content',
    description: 'How long the scheduled posts last, what was published, and what is stuck.',
    jobs: 'site',
  },
  host: {
    uid: 'steward-host',
    title: 'Hosts',
    description: 'Utilisation, saturation and errors of processor, memory, disks and network.',
    jobs: 'host',
  },
  bots: {
    uid: 'steward-bots',
    title: 'Bots',
    description: 'Whether all bots trade, and how they do beside each other.',
    jobs: 'bot',
  },
  bot: {
    uid: 'steward-bot',
    title: 'One bot',
    description: 'What one bot holds, earns and risks, and whether it keeps up with its market.',
    jobs: 'bot',
  },
  jobs: {
    uid: 'steward-jobs',
    title: 'Jobs and automations',
    description: 'Which jobs are late, fail or take longer, and where pipelines pile up.',
    jobs: 'job',
  },
  logs: {
    uid: 'steward-logs',
    title: 'Logs',
    description: 'What the logs of sites and bots say, counted by kind.',
    jobs: 'site|bot',
  },
  anomalies: {
    uid: 'steward-anomalies',
    title: 'Anomalies',
    description: 'What is not as it was at the same time yesterday and a week ago.',
    jobs: 'site|bot',
  },
  remediation: {
    uid: 'steward-remediation',
    title: 'Remediation',
    description: 'What was healed and how fast, what was blocked and why, and what comes back.',
    jobs: 'remediator',
  },
  steward: {
    uid: 'steward-itself',
    title: 'Steward itself',
    description: 'Whether everything is watched, and what the watching costs.',
    jobs: 'exporter|host|site|bot|job|remediator|prometheus|alertmanager',
  },
} as const satisfies Readonly<Record<string, Page>>;

/** The links at the top of a page: a few beside its title, those to the other pages in the menu. */
export function linksFrom(page: Page): Builder<DashboardLink>[] {
  const others = Object.values(pages).filter(({ uid }) => uid !== page.uid);
  return [
    ...others.map((other) => (isNear(page, other) ? besideTitle(linkTo(page, other)) : linkTo(page, other))),
    besideTitle(
      new DashboardLinkBuilder('Runs')
        .type(DashboardLinkType.Link)
        .icon('external link')
        .tooltip("Every run with its steps, and what waits for your approval, on the remediator's page")
        .url('http://127.0.0.1:9841/')
        .targetBlank(true),
    ),
  ];
}

/** The address of a page where one target is chosen, as a link of a panel: `label` is the series' label with its id. */
export function addressOf(page: Page, label: 'instance' | 'host' = 'instance'): string {
  return `/d/${page.uid}?\${datasource:queryparam}&var-instance=\${__field.labels.${label}}&\${__url_time_range}`;
}

/** The address of a page with all of its targets, as a link of a panel. */
export function overviewAddress(page: Page): string {
  return `/d/${page.uid}?\${datasource:queryparam}&\${__url_time_range}`;
}

function linkTo(page: Page, other: Page): DashboardLinkBuilder {
  const instance = sharesTargets(page, other) ? '&${instance:queryparam}' : '';
  return new DashboardLinkBuilder(other.title)
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .tooltip(other.description)
    .url(`/d/${other.uid}?\${datasource:queryparam}${instance}`)
    .keepTime(true);
}

/** The builder puts every link into the menu; without a placement Grafana shows it at the top. */
function besideTitle(link: DashboardLinkBuilder): Builder<DashboardLink> {
  const shown = link.build();
  delete shown.placement;
  return { build: () => shown };
}

/** Whether a link stands beside the title: a phone has room for few. */
function isNear(page: Page, other: Page): boolean {
  if (page.uid === pages.commandCenter.uid) return other.uid === pages.remediation.uid;
  return other.uid === pages.commandCenter.uid || page.jobs === other.jobs;
}

/** Whether a target that is chosen on one page may be there on the other. */
function sharesTargets(page: Page, other: Page): boolean {
  const jobs = page.jobs.split('|');
  return other.jobs.split('|').some((job) => jobs.includes(job));
}
