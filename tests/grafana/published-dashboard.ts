import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  FieldConfigSource,
  Panel,
  RowPanel,
} from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';

/**
 * A dashboard's file as Grafana publishes its form: the dashboard itself, and the options of each kind of panel that we use, which the former
 * leaves open. A file of another kind of panel does not fit.
 */
export type PublishedDashboard = AsJson<
  Omit<Dashboard, 'panels' | 'annotations'> & {
    readonly annotations: { readonly list: (AnnotationQuery & PrometheusAnnotation)[] };
    readonly panels: (
      | RowPanel
      | PanelOf<'timeseries', timeSeries.Options, timeSeries.FieldConfig>
      | PanelOf<'state-timeline', stateTimeline.Options, stateTimeline.FieldConfig>
      | PanelOf<'table', table.Options, table.FieldConfig>
    )[];
  }
>;

/** What Grafana's data source for Prometheus adds to an annotation; the published form leaves it open. */
interface PrometheusAnnotation {
  readonly expr?: string;
  readonly step?: string;
  readonly titleFormat?: string;
}

type PanelOf<Type extends string, Options, Custom> = Omit<
  Panel,
  'id' | 'type' | 'options' | 'fieldConfig' | 'targets'
> & {
  readonly id: number;
  readonly type: Type;
  readonly options: Partial<Options>;
  readonly fieldConfig: Omit<FieldConfigSource, 'defaults'> & {
    readonly defaults: Omit<FieldConfig, 'custom'> & { readonly custom?: Partial<Custom> };
  };
  readonly targets: (Omit<Dataquery, '_implementsDataqueryVariant' | 'dataqueryName'> & {
    readonly refId: string;
  })[];
};

/** The same with the values of enumerations in the place of these, as they stand in JSON. */
type AsJson<T> = T extends string
  ? string extends T
    ? T
    : `${T}`
  : T extends number
    ? number extends T
      ? T
      : `${T}` extends `${infer N extends number}`
        ? N
        : never
    : T extends readonly (infer Item)[]
      ? AsJson<Item>[]
      : T extends object
        ? { [Key in keyof T]: AsJson<T[Key]> }
        : T;
