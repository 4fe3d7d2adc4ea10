/** What the wire costs: 16 KiB blocks through two connections, without sockets. One round is 64 blocks, 1 MiB. */
import { describe } from 'vitest';
import type { ConnectionOutput } from './connection.ts';
import { concatBytes } from '../bytes/utf8.ts';
import { bench } from '../testing/bench.ts';
import { minutes, seconds, start } from '../time.ts';
import { InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import { Pieces, blockBytes } from '../torrent/pieces.ts';
import { encodeHandshake, reservedBits } from '../wire/handshake.ts';
import { encodeMessage } from '../wire/message.ts';
import { PeerConnection } from './connection.ts';

const blocks = 64;
const pieces = new Pieces({ length: blocks * blockBytes, pieceLength: blocks * blockBytes });
const refs = Array.from({ length: blocks }, (_, i) => pieces.blockRef(PieceIndex(0), i));
const block = new Uint8Array(blockBytes);
const stream = concatBytes(
  ...refs.map(({ piece, begin }) => encodeMessage({ type: 'piece', piece, begin, block })),
);
const requests = concatBytes(...refs.map((ref) => encodeMessage({ type: 'request', ...ref })));

describe('a connection, 1 MiB', () => {
  const connection = open();

  for (const [name, chunkBytes] of [
    ['256 KiB', 2 ** 18],
    ['64 KiB', 2 ** 16],
    ['1,400 bytes', 1_400],
  ] as const)
    bench(`receives it in chunks of ${name}`, () => {
      for (let at = 0; at < stream.length; at += chunkBytes)
        hear(connection, stream.subarray(at, at + chunkBytes));
    });

  bench('hears the requests for it and sends it', () => {
    for (const output of hear(connection, requests)) {
      if (output.type !== 'received' || output.message.type !== 'request') continue;
      const { piece, begin } = output.message;
      connection.handle(start, { type: 'send', message: { type: 'piece', piece, begin, block } });
    }
  });
});

function hear(connection: PeerConnection, bytes: Uint8Array): readonly ConnectionOutput[] {
  return connection.handle(start, { type: 'bytes', bytes });
}

function open(): PeerConnection {
  const connection = new PeerConnection(start, {
    outgoing: true,
    handshakeLimit: seconds(10),
    silenceLimit: minutes(2),
    keepAliveEvery: seconds(90),
  });
  const handshake = {
    infoHash: InfoHash('ab'.repeat(20)),
    peerId: PeerId('01'.repeat(20)),
    reserved: reservedBits({ fast: true, extension: false }),
  };
  connection.open(start, { handshake, pieces });
  hear(connection, encodeHandshake(handshake));
  return connection;
}
