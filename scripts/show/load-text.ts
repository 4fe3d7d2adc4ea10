/** What a load of a tracker came to, for people. */
import type { LoadReport } from '../load/load-tracker.ts';

export function loadText(report: LoadReport): string {
  const { answers, announcesPerSec, lost, p50Ms, p99Ms, registered, wrong } = report;
  const { registrationSeconds, seconds } = report;
  const lines = [
    `${registered} peers registered in ${registrationSeconds.toFixed(1)} s`,
    `${Math.round(announcesPerSec)} announces/s (p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms)`,
    `${answers} answers checked in ${seconds.toFixed(1)} s, ${lost} announces lost`,
  ];
  const kinds = wrong.map(({ count, example, wrong: what }) => `  ${count} x ${what} (${example})`);
  if (kinds.length === 0) return [...lines, 'every answer was right'].join('\n');
  return [...lines, 'wrong answers:', ...kinds].join('\n');
}
