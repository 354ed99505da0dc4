/** A dashboard as Grafana reads it. */
import { type ApiQuery, COLUMNS, type Panel } from './panel.ts';

export interface Board {
  /** in its address, which alerts lead to */
  uid: string;
  title: string;
  description: string;
  /** how far back it begins: `now-6h` */
  from: string;
  panels: readonly Panel[];
  /** what its reader fills in, for calls of the API */
  inputs?: readonly { name: string; label: string; value: string }[];
}

const SCHEMA = 39;
/** A variable's place, which Grafana fills in. */
export const filled = (variable: string): string => `\${${variable}}`;
const PROMETHEUS = { type: 'prometheus', uid: filled('prometheus') };
/** https://grafana.com/grafana/plugins/yesoreyeram-infinity-datasource: calls an API with an OAuth 2 client. */
const API = { type: 'yesoreyeram-infinity-datasource', uid: filled('api') };
const COLOURED = new Set(['stat']);

/** @returns the whole text of `ops/grafana/<uid>.json` */
export function written({ uid, title, description, from, panels, inputs = [] }: Board): string {
  const usesApi = panels.some((panel) => panel.api !== undefined);
  const board = {
    uid,
    title,
    description,
    tags: ['relais'],
    schemaVersion: SCHEMA,
    editable: false,
    graphTooltip: 1,
    timezone: 'browser',
    refresh: '30s',
    time: { from, to: 'now' },
    links: [{ type: 'dashboards', tags: ['relais'], title: 'Relais', asDropdown: true, keepTime: true }],
    templating: {
      list: [
        source('prometheus', 'Prometheus', PROMETHEUS.type),
        ...(usesApi ? [source('api', 'API de Relais', API.type)] : []),
        ...inputs.map(({ name, label, value }) => ({
          name,
          label,
          type: 'textbox',
          query: value,
          current: { text: value, value },
        })),
      ],
    },
    panels: laid(panels).map(([panel, x, y], index) => shown(panel, index + 1, x, y)),
  };
  return `${JSON.stringify(board, undefined, 2)}\n`;
}

const source = (name: string, label: string, query: string): object => ({ name, label, type: 'datasource', query });

/** Side by side as long as there is room, then below. */
function laid(panels: readonly Panel[]): [Panel, number, number][] {
  let [x, y, height] = [0, 0, 0];
  return panels.map((panel) => {
    if (x + panel.width > COLUMNS) [x, y, height] = [0, y + height, 0];
    const at: [Panel, number, number] = [panel, x, y];
    x += panel.width;
    height = Math.max(height, panel.height);
    return at;
  });
}

function shown(panel: Panel, id: number, x: number, y: number): object {
  const { title, description, kind, width: w, height: h, unit, queries, steps, content } = panel;
  const place = { id, title, gridPos: { x, y, w, h } };
  if (kind === 'row') return { ...place, type: 'row', collapsed: false, panels: [] };
  if (kind === 'text') return { ...place, type: 'text', options: { mode: 'markdown', content } };
  if (panel.api !== undefined)
    return { ...place, description, type: 'table', datasource: API, targets: [asked(panel.api)], options: {} };
  return {
    ...place,
    description,
    type: kind,
    datasource: PROMETHEUS,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: PROMETHEUS,
      expr,
      legendFormat: legend || '__auto',
      ...(kind === 'table' && { format: 'table', instant: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(COLOURED.has(kind) && { noValue: '–' }),
        thresholds: { mode: 'absolute', steps: steps.map(([color, value]) => ({ color, value: value ?? null })) },
        ...(kind === 'timeseries' && { min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }),
      },
      overrides: [],
    },
    options:
      kind === 'stat' ? { colorMode: 'value', graphMode: 'area', reduceOptions: { calcs: ['lastNotNull'] } } : {},
  };
}

const asked = ({ path, columns, root }: ApiQuery): object => ({
  refId: 'A',
  datasource: API,
  type: 'json',
  source: 'url',
  format: 'table',
  parser: 'backend',
  url: path,
  url_options: { method: 'GET' },
  root_selector: root,
  columns,
});
