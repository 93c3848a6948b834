import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type AnnotationQueryBuilder,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { createDashboard, type ProvisionedDashboard } from './model.ts';
import { linksFrom, type Page } from './pages.ts';
import { datasource } from './query.ts';

/** What a page shows below its variables and links. */
export interface Contents {
  /** The time that is shown at first, such as `now-6h`. */
  readonly from: string;
  readonly annotations: readonly AnnotationQueryBuilder[];
  readonly rows: readonly { readonly title: string; readonly panels: () => readonly Builder<Panel>[] }[];
}

/** Builds a dashboard: what all of them share, and the contents of this one. */
export function buildPage(page: Page, { from, annotations, rows }: Contents): ProvisionedDashboard {
  const dashboard = createDashboard(page.uid, page.title)
    .description(page.description)
    .tags(['steward'])
    .readonly()
    .refresh('1m')
    .time({ from, to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data Source').type('prometheus'))
    .withVariable(targetVariable('job', `label_values(up{job=~"${page.jobs}"}, job)`))
    .withVariable(targetVariable('instance', `label_values(up{job=~"${page.jobs}", job=~"$job"}, instance)`));
  for (const link of linksFrom(page)) dashboard.link(link);
  for (const annotation of annotations) dashboard.annotation(annotation);
  for (const { title, panels } of rows) {
    dashboard.withRow(new RowBuilder(title));
    for (const panel of panels()) dashboard.withPanel(panel);
  }
  return dashboard.build();
}

function targetVariable(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(datasource)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}
