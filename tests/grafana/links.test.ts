import { describe, expect, test } from '@jest/globals';
import { dashboardFiles, shownPanels, type DashboardFile, type Panel } from './dashboard-files.ts';

const known = new Set(dashboardFiles.map(({ uid }) => uid));

function linksOf({ fieldConfig }: Panel): { title: string; url: string }[] {
  const overrides = (fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'links').flatMap(({ value }) => value as never[]),
  );
  return [...(fieldConfig?.defaults.links ?? []), ...overrides];
}

describe.each(dashboardFiles)('$title', (dashboard) => {
  const inside = dashboard.links.filter(({ url }) => url.startsWith('/'));

  test('leads to every other dashboard, with its time and data source', () => {
    const uids = inside.map(({ url }) => /^\/d\/([\w-]+)\?/.exec(url)?.[1]);
    expect(new Set([...uids, dashboard.uid])).toEqual(known);
    for (const { url, keepTime } of inside) {
      expect(keepTime).toBe(true);
      expect(url).toContain('${datasource:queryparam}');
    }
  });

  test('has links of series only to dashboards that exist, with time and data source', () => {
    for (const { url } of shownPanels(dashboard).flatMap(linksOf)) {
      expect(known).toContain(/^\/d\/([\w-]+)\?/.exec(url)?.[1]);
      expect(url).toContain('${datasource:queryparam}');
      expect(url).toContain('${__url_time_range}');
    }
  });

  test('names a label in the link of a series only where its queries keep it', () => {
    for (const panel of shownPanels(dashboard)) {
      for (const { url } of linksOf(panel)) {
        const label = /__field\.labels\.(\w+)/.exec(url)?.[1];
        if (label === undefined) continue;
        expect(['instance', 'host']).toContain(label);
        for (const { expr } of panel.targets ?? []) {
          const [, kept] = /^(?:\d+ \* )?(?:sum|min|max|avg|count) by \(([^)]*)\)/.exec(expr) ?? [];
          if (kept !== undefined) expect(kept.split(', ')).toContain(label);
        }
      }
    }
  });
});

const byUid = new Map<string, DashboardFile>(dashboardFiles.map((dashboard) => [dashboard.uid, dashboard]));

/** The jobs whose targets can be chosen on a dashboard, as its variable `job` asks for them. */
function jobsOf(uid: string): string[] {
  const query = byUid.get(uid)?.templating.list.find(({ name }) => name === 'job')?.query ?? '';
  return /job=~"([a-z|]+)"/.exec(query)?.[1]?.split('|') ?? [];
}

const ways = dashboardFiles.flatMap((from) =>
  from.links.flatMap(({ url }) => {
    const to = byUid.get(/^\/d\/([\w-]+)\?/.exec(url)?.[1] ?? '');
    return to === undefined ? [] : [{ from: from.title, to: to.title, uids: [from.uid, to.uid], url }];
  }),
);

test.each(ways)('from $from to $to the chosen targets are kept where both have them', ({ uids, url }) => {
  const [from = [], to = []] = uids.map(jobsOf);
  expect(from.length * to.length).toBeGreaterThan(0);
  const isShared = from.some((job) => to.includes(job));
  expect(url.includes('${instance:queryparam}')).toBe(isShared);
});
