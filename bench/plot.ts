import type { Result } from './results.ts';
import type { Second } from './timeline.ts';

/** Throughput and percentiles over time, a row a bench, as one SVG without script or font of its own. */

const WIDTH = 900;
const ROW = 150;
const PANEL = { width: 360, height: 90, top: 40 } as const;
/** where the two panels of a row begin */
const LEFT = 70;
const RIGHT = 510;
const COLOURS = { count: '#1f6f43', p50: '#2557a7', p99: '#b3261e' } as const;
const PADDING = 1.1;

type Series = keyof typeof COLOURS;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function text(x: number, y: number, words: string, anchor: 'start' | 'end', extra = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${extra}>${escaped(words)}</text>`;
}

function panel(x: number, y: number, seconds: readonly Second[], lines: readonly Series[], unit: string): string {
  const top = Math.max(1, ...seconds.flatMap((second) => lines.map((line) => second[line]))) * PADDING;
  const bottom = y + PANEL.height;
  const at = (index: number, value: number): string =>
    `${(x + (index * PANEL.width) / Math.max(1, seconds.length - 1)).toFixed(1)},${(bottom - (value / top) * PANEL.height).toFixed(1)}`;
  const drawn = lines.map((line) => {
    const points = seconds.map((second, index) => at(index, second[line])).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${COLOURS[line]}" stroke-width="1.5"/>`;
  });
  return [
    `<rect x="${x}" y="${y}" width="${PANEL.width}" height="${PANEL.height}" fill="none" stroke="#bbb"/>`,
    ...drawn,
    text(x - 6, y + 10, `${Math.round(top)} ${unit}`, 'end'),
    text(x - 6, bottom, '0', 'end'),
    text(x + PANEL.width, bottom + 14, `${seconds.length} s`, 'end'),
  ].join('\n');
}

/** Its coordinates are its own, so that it can be moved to where another report has room for it. */
function row(result: Result): string {
  const title = `${result.bench}, ${result.at.slice(0, 10)}, ${result.commit}`;
  const y = PANEL.top;
  return [
    text(LEFT, y - 10, title, 'start', ' font-weight="bold"'),
    panel(LEFT, y, result.series, ['count'], '/s'),
    panel(RIGHT, y, result.series, ['p50', 'p99'], 'ms'),
    text(RIGHT, y - 10, 'p50', 'start', ` fill="${COLOURS.p50}"`),
    text(RIGHT + 40, y - 10, 'p99', 'start', ` fill="${COLOURS.p99}"`),
  ].join('\n');
}

const ROWS = /<g\s+id="([a-z]+)"[^>]*>([\s\S]*?)<\/g>/g;

/**
 * @param results those that have a series are drawn, one of each bench
 * @param before the plot there is: its rows of other benches stay, in the alphabet's order among the new ones
 */
export function plot(results: readonly Result[], before = ''): string {
  const rows = new Map([...before.matchAll(ROWS)].map(([, bench = '', drawn = '']) => [bench, drawn.trim()]));
  for (const result of results) if (result.series.length > 1) rows.set(result.bench, row(result));
  const benches = [...rows.keys()].sort();
  const height = benches.length * ROW + PANEL.top;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>Throughput and percentiles over time: ${benches.join(', ')}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...benches.map(
      (bench, index) => `<g id="${bench}" transform="translate(0,${index * ROW})">\n${rows.get(bench)}\n</g>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}
