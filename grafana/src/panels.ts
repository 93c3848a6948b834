import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { addressOf, type Page } from './pages.ts';
import { datasource, rangeQuery, type Query } from './query.ts';
import type { Threshold } from './thresholds.ts';

/** A panel of any kind. */
export type AnyPanel = Builder<Panel>;

/** What every panel says of itself. */
export interface PanelText {
  readonly title: string;
  /** What is shown, and what a bad value means. */
  readonly description: string;
  /** What stands there where no series is, such as `No bots in steward.yml`. */
  readonly empty: string;
}

/** How the values of a panel are drawn. */
export interface Scale {
  readonly unit: string;
  /** From where on a value is bad. */
  readonly limit?: Threshold;
  /** Whether the axis fits the values instead of beginning at 0, as for a balance that hardly moves. */
  readonly fitted?: boolean;
  /** The end of the axis where nothing can be above it, such as 1 for a share. */
  readonly max?: number;
}

/** A state by the value of its series: what it is called, and its colour. */
export type States = Readonly<Record<string, { text: string; color: string }>>;

/** The states of what either works or does not. */
export const upOrDown: States = { 1: { text: 'Up', color: 'green' }, 0: { text: 'Down', color: 'red' } };

/** The states of what is only shown while it is wrong. */
export const brokenOrFine: States = {
  0: { text: 'Fine', color: 'green' },
  1: { text: 'Broken', color: 'red' },
};

/** Builds a panel that shows states over time, a line for each series. */
export function stateTimeline(
  text: PanelText,
  queries: readonly Query[],
  states: States,
): StateTimelineBuilder {
  return new StateTimelineBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(datasource)
    .targets(queries.map(rangeQuery))
    .mappings([valueMap(states)])
    .unit('short')
    .showValue(VisibilityMode.Never)
    .noValue(text.empty)
    .legend(legend())
    .span(12)
    .height(8);
}

/** Builds a panel that shows values over time; beyond the limit a value is drawn as bad. */
export function lines(text: PanelText, queries: readonly Query[], scale: Scale): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(datasource)
    .targets(queries.map(rangeQuery))
    .unit(scale.unit)
    .noValue(text.empty)
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .span(12)
    .height(8);
  if (scale.fitted !== true) panel.axisSoftMin(0);
  if (scale.max !== undefined) panel.max(scale.max);
  return scale.limit === undefined ? panel : withLimit(panel, scale.limit);
}

/** Builds a panel that counts events, a bar for each hour, so that one event is seen on a phone too. */
export function hourlyBars(text: PanelText, queries: readonly Query[]): TimeseriesBuilder {
  return lines(text, queries, { unit: 'short' })
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
    .decimals(0)
    .interval('1h');
}

/** Lets a series be followed to its target's own page. */
export function opens<P extends StateTimelineBuilder | TimeseriesBuilder>(
  panel: P,
  page: Page,
  label: 'instance' | 'host' = 'instance',
): P {
  panel.dataLinks([new DashboardLinkBuilder(`Open ${page.title}`).url(addressOf(page, label))]);
  return panel;
}

function withLimit(panel: TimeseriesBuilder, { fires, value }: Threshold): TimeseriesBuilder {
  const [from, beyond] = fires === 'below' ? ['red', 'green'] : ['green', 'red'];
  return panel
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { color: from, value: null },
        { color: beyond, value },
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
