/** A connection in both roles: at most one end, silence after it, and the same however the bytes are cut. */
import type { ConnectionOutput } from '../../../core/peer/connection.ts';
import { PeerConnection, localExtensionIds } from '../../../core/peer/connection.ts';
import { seconds, start } from '../../../core/time.ts';
import { InfoHash, PeerId } from '../../../core/torrent/ids.ts';
import { Pieces } from '../../../core/torrent/pieces.ts';
import { reservedBits } from '../../../core/wire/handshake.ts';
import { type Check, expectSame, expectTrue } from './target.ts';
import { chunksOf } from './wire-samples.ts';

const limits = {
  handshakeLimit: seconds(9),
  silenceLimit: seconds(99),
  keepAliveEvery: seconds(80),
};

const local = {
  handshake: {
    infoHash: InfoHash('69'.repeat(20)),
    peerId: PeerId('ab'.repeat(20)),
    reserved: reservedBits({ fast: true, extension: true }),
  },
  pieces: new Pieces({ length: 9 * 32_768 - 1, pieceLength: 32_768 }),
  extensions: { ids: localExtensionIds },
};

export const checkConnection: Check = (bytes) =>
  [true, false]
    .map((outgoing) => {
      const whole = talk(outgoing, [bytes.slice()]);
      expectSame(talk(outgoing, chunksOf(bytes, 40)), whole, 'other when cut');
      return endOf(whole);
    })
    .join(', ');

function talk(outgoing: boolean, chunks: readonly Uint8Array[]): readonly ConnectionOutput[] {
  const peer = new PeerConnection(start, { ...limits, outgoing });
  const outputs: ConnectionOutput[] = [...(outgoing ? peer.open(start, local) : [])];
  for (const bytes of chunks) {
    const told = structuredClone(peer.handle(start, { type: 'bytes', bytes }));
    const isGreeted = told.some(({ type }) => type === 'hello');
    outputs.push(...told, ...(isGreeted ? structuredClone(peer.open(start, local)) : []));
    bytes.fill(0xee);
  }
  return outputs;
}

function endOf(outputs: readonly ConnectionOutput[]): string {
  const ends = outputs.flatMap((output) => (output.type === 'disconnect' ? [output.reason] : []));
  const last = outputs.at(-1)?.type;
  expectTrue(ends.length <= 1, 'more than one end');
  expectTrue(ends.length === 0 || last === 'disconnect', 'not silent after the end');
  return ends[0] ?? last ?? '';
}
