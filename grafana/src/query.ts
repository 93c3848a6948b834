import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source variable that every dashboard has, so that it can be used beside another Prometheus. */
export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** What narrows a series to the targets that were chosen at the top of the dashboard. */
export const chosen = 'job=~"$job", instance=~"$instance"';

/** One query of a panel over the time shown, and how its series are named. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** Builds a range query of Prometheus. */
export function rangeQuery({ expr, legend }: Query): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).expr(expr).legendFormat(legend).range();
}

/** Builds a query of the end of the time shown, a row of a table for each series. */
export function tableQuery(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).expr(expr).format(PromQueryFormat.Table).instant();
}
