/** Trap: a torrent of one large file is one long string and says nothing about the decoder; many files, or peers named one by one, do. */
import oracle from 'bencode';
import { describe } from 'vitest';
import { bench } from '../testing/bench.ts';
import { encodeAnnounceAnswer } from '../tracker/announce-answer.ts';
import { seconds } from '../time.ts';
import { PeerId } from '../torrent/ids.ts';
import { createMetainfo } from '../torrent/create.ts';
import { decodeBencode } from './decode.ts';
import { encodeBencode } from './encode.ts';

const pieceLength = 2 ** 20;
const fileCount = 1_000;
const peerCount = 50;

const common = { pieceLength, trackers: [['http://tracker.example/announce']] };

const oneFile = createMetainfo({
  ...{ ...common, name: 'disc.iso', length: 1_024 * pieceLength },
  pieceHashes: new Uint8Array(20 * 1_024),
});

const manyFiles = createMetainfo({
  ...{ ...common, name: 'collection', pieceHashes: new Uint8Array(20 * fileCount) },
  files: Array.from({ length: fileCount }, (_, i) => {
    return { path: [`disc ${i % 10}`, `track ${i}.flac`], length: pieceLength };
  }),
});

const answer = {
  ...{ interval: seconds(1_800), seeders: 100, leechers: 900 },
  peers: Array.from({ length: peerCount }, (_, i) => {
    const peerId = PeerId(`2d5350303130302d${String(i).padStart(24, '0')}`);
    return { ip: `203.0.113.${i + 1}`, port: 6_881 + i, peerId };
  }),
};

for (const [name, bytes] of [
  ['a .torrent of 1 GiB in one file', oneFile],
  ['a .torrent of 1,000 files', manyFiles],
  [
    `an answer that names ${peerCount} peers in six bytes each`,
    encodeAnnounceAnswer(answer, { compact: true, noPeerId: true }),
  ],
  [
    `an answer that names ${peerCount} peers in dictionaries`,
    encodeAnnounceAnswer(answer, { compact: false, noPeerId: false }),
  ],
] as const)
  describe(`bencode, ${name}`, () => {
    const value = decodeBencode(bytes);
    const plain = oracle.decode(bytes);

    bench('decodes', () => {
      decodeBencode(bytes);
    });

    bench('decodes, the package bencode', () => {
      oracle.decode(bytes);
    });

    bench('encodes', () => {
      encodeBencode(value);
    });

    bench('encodes, the package bencode', () => {
      oracle.encode(plain);
    });
  });
