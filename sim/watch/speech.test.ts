import { describe, expect, it } from 'vitest';
import { Bitfield } from '../../core/torrent/bitfield.ts';
import type { Torrent } from '../../core/swarm/torrent.ts';
import { defaultTorrentOptions } from '../../core/swarm/options.ts';
import { type ConnectionId, InfoHash, PeerId, PieceIndex } from '../../core/torrent/ids.ts';
import { Pieces } from '../../core/torrent/pieces.ts';
import { type Instant, start } from '../../core/time.ts';
import { reservedBits } from '../../core/wire/handshake.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { PeerSpec } from '../plan.ts';
import type { WitnessFacts } from '../witness.ts';
import { Line } from './line.ts';
import type { Shared } from './shared.ts';
import { Speech } from './speech.ts';

const p = PieceIndex;
const pieces = new Pieces({ length: 3 * 32_768 + 100, pieceLength: 32_768 });
const block = { piece: p(1), begin: 0, length: 16_384 };
const bytes = new Uint8Array(16_384);

type Step = readonly [side: 'we' | 'they', saying: Saying];

/** What is wrong when a peer that has piece 1 of four says and hears these, in turn. */
function wrongIn(steps: readonly Step[], { fast = true } = {}): readonly string[] {
  const wrong: string[] = [];
  const shared: Shared = {
    spec: {} as PeerSpec,
    infoHash: InfoHash('ab'.repeat(20)),
    torrent: { parts: { torrent: { have: new Bitfield(4) } } } as unknown as Torrent,
    options: defaultTorrentOptions,
    pieces,
    wanted: new Set([0, 1, 2, 3]),
    have: new Set([1]),
    lines: new Map(),
    facts: { isHonest: () => true } as unknown as WitnessFacts,
    complain: (rule) => wrong.push(rule),
    isLiar: false,
    isPaused: false,
    state: 'running',
  };
  const line = new Line(1 as ConnectionId, { ip: '10.0.0.2', port: 1 }, false, start);
  for (const side of ['ours', 'theirs'] as const) {
    const reserved = reservedBits({ fast, extension: true });
    line.shook(side, { infoHash: shared.infoHash, peerId: PeerId('cd'.repeat(20)), reserved });
  }
  const speech = new Speech(shared);
  let now = 0;
  for (const [side, saying] of steps) {
    now += 1;
    if (side === 'we') speech.said(now as Instant, line, saying);
    else line.hear(now as Instant, saying, pieces.count);
    line.settled();
  }
  return wrong;
}

const heard = (...sayings: readonly Saying[]): readonly Step[] =>
  sayings.map((saying) => ['they', saying]);
const said = (...sayings: readonly Saying[]): readonly Step[] =>
  sayings.map((saying) => ['we', saying]);

const wanting = said({ type: 'interested' });
const serving = heard({ type: 'have-all' }, { type: 'unchoke' });
const request: Saying = { type: 'request', ...block };
const missing: Saying = { type: 'request', piece: p(0), begin: 0, length: 16_384 };

describe('Speech', () => {
  it('has nothing against a peer that keeps to the rules', () => {
    expect(
      wrongIn([
        ...said({ type: 'bitfield', bits: Uint8Array.of(0b0100_0000) }),
        ...heard({ type: 'have-none' }, { type: 'interested' }),
        ...said({ type: 'unchoke' }),
        ...heard(request),
        ...said({ type: 'piece', piece: p(1), begin: 0, block: bytes }),
        ...said({ type: 'choke' }),
      ]),
    ).toEqual([]);
    expect(wrongIn([...serving, ...wanting, ...said(missing)])).toEqual([]);
  });

  it('has nothing against a block on its way when its request comes again after the choke', () => {
    const steps = [
      ...heard({ type: 'interested' }),
      ...said({ type: 'unchoke' }),
      ...heard(request),
      ...said({ type: 'choke' }),
      ...heard(request),
      ...said({ type: 'piece', piece: p(1), begin: 0, block: bytes }),
    ];
    expect(wrongIn(steps, { fast: false })).toEqual([]);
    const again = said({ type: 'piece', piece: p(1), begin: 0, block: bytes });
    expect(wrongIn([...steps, ...again], { fast: false })).toEqual(['servesUnchoked']);
  });

  const cases: readonly [rule: string, steps: readonly Step[], options?: { fast: boolean }][] = [
    ['choke', said({ type: 'choke' })],
    ['unchokeInterested', said({ type: 'unchoke' })],
    ['interest', [...wanting, ...wanting]],
    ['haveTrue', said({ type: 'have', piece: p(0) })],
    ['haveOnce', said({ type: 'have', piece: p(1) }, { type: 'have', piece: p(1) })],
    [
      'haveUseful',
      [...heard({ type: 'have', piece: p(1) }), ...said({ type: 'have', piece: p(1) })],
    ],
    ['bitfield', said({ type: 'bitfield', bits: Uint8Array.of(0b0100_0001) })],
    ['bitfield', said({ type: 'have-none' })],
    ['bitfield', [...wanting, ...said({ type: 'bitfield', bits: Uint8Array.of(0b0100_0000) })]],
    ['agreed', said({ type: 'reject', ...block }), { fast: false }],
    ['rejects', said({ type: 'reject', ...block })],
    ['asksHeld', [...heard({ type: 'unchoke' }), ...wanting, ...said(missing)]],
    ['asksMissing', [...serving, ...wanting, ...said(request)]],
    ['asksUnchoked', [...heard({ type: 'have-all' }), ...wanting, ...said(missing)]],
    ['asksInterested', [...serving, ...said(missing)]],
    ['asksOnce', [...serving, ...wanting, ...said(missing, missing)]],
    ['asksBlocks', [...serving, ...wanting, ...said({ ...missing, length: 16_383 })]],
    [
      'asksBlocks',
      [...serving, ...wanting, ...said({ type: 'request', piece: p(3), begin: 0, length: 16_384 })],
    ],
    ['cancels', said({ type: 'cancel', ...block })],
    ['serves', said({ type: 'piece', piece: p(1), begin: 0, block: bytes })],
    [
      'servesUnchoked',
      [...heard(request), ...said({ type: 'piece', piece: p(1), begin: 0, block: bytes })],
    ],
    ['servesHeld', said({ type: 'piece', piece: p(0), begin: 0, block: bytes })],
  ];
  it.each(cases)('complains of who breaks the rule %s', (rule, steps, options) => {
    expect(wrongIn(steps, options)).toContain(rule);
  });
});
