/** Medians as bars, with whiskers from quartile to quartile, in SVG. */
import { type Measurement, spreadOf } from '../measurement.ts';
import { figure } from './table.ts';

const labelWidth = 220;
const barsWidth = 460;
const width = labelWidth + barsWidth + 80;
const rowHeight = 22;
const titleHeight = 34;

/** A group of bars for each bench and metric, each on a scale of its own that begins at 0. */
export function chartOf(measurements: readonly Measurement[]): string {
  const groups = [...new Set(measurements.map(groupOf))].map((title) => ({
    title,
    bars: measurements.filter((each) => groupOf(each) === title),
  }));
  let y = 0;
  const parts = groups.map(({ title, bars }) => {
    const drawn = group(title, bars, y);
    y += titleHeight + bars.length * rowHeight;
    return drawn;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 10}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

const groupOf = ({ bench, metric }: Measurement): string => `${bench}: ${metric}`;

function group(title: string, bars: readonly Measurement[], top: number): string {
  const spreads = bars.map(({ values }) => spreadOf(values));
  const most = Math.max(...spreads.map(({ high }) => high), Number.MIN_VALUE);
  const scale = (value: number): string => ((value / most) * barsWidth).toFixed(1);
  const rows = spreads.map(({ median, low, high }, i) => {
    const y = top + titleHeight + i * rowHeight;
    const middle = y + rowHeight / 2 - 2;
    const at = (value: number): number => labelWidth + Number(scale(value));
    return [
      `<text x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end">${escaped(bars[i]?.subject ?? '')}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${scale(median)}" height="${rowHeight - 5}" fill="${i === 0 ? '#2b6cb0' : '#a0aec0'}"/>`,
      `<path d="M${at(low)} ${middle}H${at(high)}" stroke="black"/>`,
      `<text x="${at(high) + 6}" y="${middle + 4}">${figure(median)}</text>`,
    ].join('\n');
  });
  return [`<text x="8" y="${top + 22}" font-weight="bold">${escaped(title)}</text>`, ...rows].join(
    '\n',
  );
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
