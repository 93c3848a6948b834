import { describe, expect, test } from '@jest/globals';
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import { siteDashboard } from '../../grafana/src/site.ts';
import { refId, renderDashboard } from '../../grafana/src/render.ts';

interface Rendered {
  readonly panels: readonly { readonly id: number; readonly title: string; readonly type: string }[];
}

const site = siteDashboard();
const idsOf = (dashboard: typeof site) =>
  new Map(
    (JSON.parse(renderDashboard(dashboard)) as Rendered).panels.map(({ id, title, type }) => [
      `${type} ${title}`,
      id,
    ]),
  );

describe('the id of a panel', () => {
  test('stays when another panel is put before it, or taken away', () => {
    const before = idsOf(site);
    const after = idsOf({
      ...site,
      panels: [new Timeseries().title('A new one').build(), ...(site.panels ?? []).slice(1)],
    });
    for (const [name, id] of [...before].slice(1)) expect([name, after.get(name)]).toEqual([name, id]);
    expect(after.size).toBe(before.size);
  });

  test('is of one panel only', () => {
    const [panel] = site.panels ?? [];
    expect(() => renderDashboard({ ...site, panels: [panel, panel] as never })).toThrow(
      /gives an id that another panel has/,
    );
  });
});

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [51, 'AZ'],
  [52, 'BA'],
  [702, 'AAA'],
])('the query in place %i is %s, as Grafana counts', (place, expected) => {
  expect(refId(place)).toBe(expected);
});
