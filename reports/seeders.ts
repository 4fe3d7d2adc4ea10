/** `seeders.csv`: the tracker's word and the truth, a row for each content and sample. Names are separated by spaces. */
import type { RunRecord } from '../sim/record.ts';
import type { TorrentWord } from '../sim/world.ts';
import type { Account } from './account.ts';
import { csv, type Row } from './csv.ts';
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

export const seedersCsv = ({ record }: Account): Iterable<string> => csv(columns, cells(record));

function* cells({ header, contents, tracker }: RunRecord): Generator<Row> {
  const named = namer(header.plan);
  for (const { askedAt, answeredAt, word, truth, failure } of tracker) {
    const saidOf = new Map(word.map((torrent) => [torrent.infoHash, torrent]));
    for (const [content, { infoHash, name }] of contents.entries()) {
      const said = saidOf.get(infoHash);
      const { seeders, leechers } = truth[content] ?? {};
      yield [
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
    }
  }
}

const ofCatalogue = (catalogue: TorrentWord['catalogue'], named: Namer): Row => [
  catalogue?.id,
  named(catalogue?.seeders),
  named(catalogue?.leechers),
];

const counts = (said: TorrentWord['scrape']): Row => [said?.seeders, said?.leechers];
