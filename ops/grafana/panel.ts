/** Panels of Grafana dashboards (schema 39, Grafana 10 and later), in the few forms ours have. */

/** Units as Grafana names them. */
export type Unit = 'short' | 's' | 'bytes' | 'percentunit' | 'reqps' | 'cps' | 'dateTimeFromNow';

/** `$__rate_interval` is filled in by Grafana. */
export interface Query {
  expr: string;
  /** what a curve is called; labels as `{{route}}` */
  legend: string;
}

/** From which value on a figure is coloured so, the first without a value. */
export type Steps = readonly (readonly [colour: 'green' | 'orange' | 'red' | 'blue', from?: number])[];

export interface Panel {
  title: string;
  /** what a reader is told of it: in French, as titles are */
  description: string;
  kind: 'stat' | 'timeseries' | 'table' | 'row' | 'text';
  width: number;
  height: number;
  unit: Unit;
  queries: readonly Query[];
  steps: Steps;
  /** of a text: Markdown */
  content?: string;
  /** of a table that an API fills */
  api?: ApiQuery;
}

/** A call of the product's API, by the Infinity datasource. */
export interface ApiQuery {
  path: string;
  columns: readonly { selector: string; text: string; type: 'string' | 'number' | 'timestamp' }[];
  /** the answer is one object, and this names the list in it; '' = it is a list */
  root: string;
}

/** Columns of a dashboard. */
export const COLUMNS = 24;
const STAT = { width: 4, height: 4 };
const SERIES = { width: 12, height: 8 };
const ALWAYS: Steps = [['blue']];

/** One figure, as it is now. */
export const stat = (title: string, expr: string, unit: Unit, description: string, steps = ALWAYS): Panel => ({
  title,
  description,
  kind: 'stat',
  ...STAT,
  unit,
  queries: [{ expr, legend: '' }],
  steps,
});

/** Curves, [legend, expression] each. */
export const series = (
  title: string,
  unit: Unit,
  description: string,
  ...queries: readonly (readonly [legend: string, expr: string])[]
): Panel => ({
  title,
  description,
  kind: 'timeseries',
  ...SERIES,
  unit,
  queries: queries.map(([legend, expr]) => ({ legend, expr })),
  steps: ALWAYS,
});

export const row = (title: string): Panel => ({
  title,
  description: '',
  kind: 'row',
  width: COLUMNS,
  height: 1,
  unit: 'short',
  queries: [],
  steps: ALWAYS,
});

export const text = (title: string, content: string, height = 4): Panel => ({
  ...row(title),
  kind: 'text',
  height,
  content,
});

/** Rows of the API's answer. */
export const api = (title: string, description: string, query: ApiQuery, height = 12): Panel => ({
  ...row(title),
  description,
  kind: 'table',
  height,
  api: query,
});

/** A part of a whole, of what was counted lately. */
export const share = (part: string, whole: string): string => `${part} / (${whole} > 0)`;

/** Quantile of a histogram, over all processes. */
export const quantile = (of: number, name: string, window = '$__rate_interval'): string =>
  `histogram_quantile(${of}, sum by (le) (rate(${name}_bucket[${window}])))`;

export const rate = (name: string, by = '', labels = ''): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${name}${labels}[$__rate_interval]))`;
