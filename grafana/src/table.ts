import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { PanelText } from './panels.ts';
import { datasource, tableQuery } from './query.ts';

/**
 * Builds a table of the series that a query gives at the end of the time shown. `columns` are the labels that are shown
 * and their headings, in their order; `Value` is the value, which is left out where it has no heading.
 */
export function table(
  text: PanelText,
  expr: string,
  columns: Readonly<Record<string, string>>,
  unit = 'short',
): PanelBuilder {
  const shown = Object.keys(columns);
  return new PanelBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(datasource)
    .withTarget(tableQuery(expr))
    .unit(unit)
    .noValue(text.empty)
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: shown } } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(shown.map((label, index) => [label, index])),
        renameByName: columns,
      },
    })
    .span(12)
    .height(8);
}
