/** The run's time line for the report: what was done, and what the tracker said whenever that or the truth changed. */
import type { RunRecord } from '../sim/record.ts';
import type { Action } from '../sim/world.ts';
import { namer } from './namer.ts';

type Cells = readonly (string | number)[];

export const actionRows = ({ actions }: RunRecord): readonly Cells[] =>
  actions.map(({ at, doneAt, action, cause, error }) => [
    Math.round(at),
    doneAt === undefined ? '' : Math.round(doneAt),
    error === undefined ? sentence(action) : `${sentence(action)}: ${error}`,
    cause,
  ]);

/** `crash leecher-3`, `cut seeder-0 / leecher-0 leecher-1`. */
function sentence({ type, ...what }: Action): string {
  const words = Object.entries<unknown>(what).map(([key, value]) => {
    if (key === 'peer') return String(value);
    if (key === 'between') return (value as string[][]).map((side) => side.join(' ')).join(' / ');
    return `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
  });
  return [type, ...words].join(' ');
}

export function listRows({ header, contents, tracker }: RunRecord): readonly Cells[] {
  const named = namer(header.plan);
  const before = new Map<number, string>();
  return tracker.flatMap(({ askedAt, word, truth, failure }) =>
    contents.flatMap(({ name, infoHash }, content) => {
      const said = word.find((torrent) => torrent.infoHash === infoHash)?.catalogue;
      const { seeders = [], leechers = [] } = truth[content] ?? {};
      const cells = [
        failure ?? named(said?.seeders),
        seeders.join(' '),
        failure === undefined ? named(said?.leechers) : '',
        leechers.join(' '),
      ];
      if (before.get(content) === cells.join('|')) return [];
      before.set(content, cells.join('|'));
      return [[Math.round(askedAt), name, ...cells]];
    }),
  );
}
