import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { datasource, rangeQuery, type Query } from './query.ts';

/** What every panel says of itself. */
interface PanelText {
  readonly title: string;
  /** What is shown, and what a bad value means. */
  readonly description: string;
}

/** A state by the value of its series: what it is called, and its colour. */
export type States = Readonly<Record<string, { text: string; color: string }>>;

/** Builds a panel that shows states over time, a line for each series. */
export function stateTimeline(text: PanelText, query: Query, states: States): StateTimelineBuilder {
  return new StateTimelineBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(datasource)
    .withTarget(rangeQuery(query))
    .mappings([valueMap(states)])
    .unit('short')
    .showValue(VisibilityMode.Never)
    .noValue('None')
    .legend(legend())
    .span(12)
    .height(8);
}

/** Builds a panel that shows values over time; from `limit` on a value is drawn as bad. */
export function lines(
  text: PanelText,
  queries: readonly Query[],
  scale: { unit: string; limit?: number; below?: boolean },
): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(datasource)
    .targets(queries.map(rangeQuery))
    .unit(scale.unit)
    .axisSoftMin(0)
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .span(12)
    .height(8);
  return scale.limit === undefined ? panel : withLimit(panel, scale.limit, scale.below ?? false);
}

function withLimit(panel: TimeseriesBuilder, limit: number, below: boolean): TimeseriesBuilder {
  const [from, beyond] = below ? ['red', 'green'] : ['green', 'red'];
  return panel
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { color: from, value: null },
        { color: beyond, value: limit },
      ]),
    )
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}

function valueMap(states: States): ValueMap {
  const options = Object.entries(states).map(
    ([value, state], index) => [value, { ...state, index }] as const,
  );
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}
