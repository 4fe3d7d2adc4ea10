import { expect, it } from 'vitest';
import { ConnectionId, InfoHash, PeerId } from '../core/torrent/ids.ts';
import { type OpenConnections, PairLedger } from './pair-ledger.ts';

const infoHash = InfoHash('1'.repeat(40));
const [alice, bob] = [PeerId('a'.repeat(40)), PeerId('b'.repeat(40))];

it('adds up connections that closed and those that are open', () => {
  const ledger = new PairLedger();
  ledger.hear(closed(alice, 10, 1));
  ledger.hear(closed(alice, 20, 2));
  ledger.see(open([alice, 5, 5]));
  expect(totals(ledger)).toEqual({ [alice]: [35, 8] });
});

it('takes the last word of a connection, not the last sight of it as well', () => {
  const ledger = new PairLedger();
  ledger.see(open([alice, 100, 50], [bob, 7, 0]));
  ledger.hear(closed(alice, 120, 60));
  expect(totals(ledger)).toEqual({ [alice]: [120, 60], [bob]: [7, 0] });
});

it('keeps what was open when a life ended, and begins the next one with nothing open', () => {
  const ledger = new PairLedger();
  ledger.see(open([alice, 100, 50]));
  ledger.end();
  ledger.see(open([alice, 1, 1]));
  expect(totals(ledger)).toEqual({ [alice]: [101, 51] });
});

const closed = (
  peerId: PeerId,
  bytesDown: number,
  bytesUp: number,
): Parameters<PairLedger['hear']>[0] => ({
  type: 'disconnected',
  infoHash,
  conn: ConnectionId(1),
  address: { ip: '127.0.0.1', port: 1 },
  peerId,
  reason: 'eof',
  bytesDown,
  bytesUp,
});

function open(...pairs: readonly [PeerId, number, number][]): OpenConnections {
  const peers = pairs.map(([peerId, bytesDown, bytesUp]) => ({ peerId, bytesDown, bytesUp }));
  return { torrents: [{ infoHash, stats: { peers } }] };
}

const totals = (ledger: PairLedger): Record<string, readonly [number, number]> =>
  Object.fromEntries(
    ledger.totals().map(({ peerId, bytesDown, bytesUp }) => [peerId, [bytesDown, bytesUp]]),
  );
