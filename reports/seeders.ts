/** `seeders.csv`: the tracker's word and the truth, a row for each content and sample. Names are separated by spaces. */
import type { RunRecord } from '../sim/record.ts';
import type { TorrentWord } from '../sim/world.ts';
import { type Cell, csv } from './csv.ts';
import { type Namer, namer } from './namer.ts';

const columns = [
  'asked_ms',
  'answered_ms',
  'content',
  'id',
  'catalogue_seeders',
  'catalogue_leechers',
  'scrape_seeders_count',
  'scrape_leechers_count',
  'announce_seeders_count',
  'announce_leechers_count',
  'true_seeders',
  'true_leechers',
  'failure',
];

export const seedersCsv = (record: RunRecord): string => csv(columns, rows(record));

type Row = readonly Cell[];

function rows({ header, contents, tracker }: RunRecord): readonly Row[] {
  const named = namer(header.plan);
  return tracker.flatMap(({ askedAt, answeredAt, word, truth, failure }) =>
    contents.map(({ infoHash, name }, content): Row => {
      const said = word.find((torrent) => torrent.infoHash === infoHash);
      const { seeders, leechers } = truth[content] ?? {};
      return [
        askedAt,
        answeredAt,
        name,
        ...ofCatalogue(said?.catalogue, named),
        ...counts(said?.scrape),
        ...counts(said?.announce),
        seeders?.join(' '),
        leechers?.join(' '),
        failure,
      ];
    }),
  );
}

const ofCatalogue = (catalogue: TorrentWord['catalogue'], named: Namer): Row => [
  catalogue?.id,
  named(catalogue?.seeders),
  named(catalogue?.leechers),
];

const counts = (said: TorrentWord['scrape']): Row => [said?.seeders, said?.leechers];
