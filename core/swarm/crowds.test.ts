/** How many may come from one address, and that others are let in all the same. */
import { describe, expect, it } from 'vitest';
import { FakeSwarm } from '../testing/fake-swarm.ts';
import { start } from '../time.ts';
import type { ConnectionId } from '../torrent/ids.ts';
import { PeerId } from '../torrent/ids.ts';
import { reservedBits } from '../wire/handshake.ts';
import { defaultTorrentOptions } from './options.ts';
import { maxPerAddress } from './peers.ts';
import { Session, maxCallers, maxCallersPerAddress } from './session.ts';

describe('callers who have not said who they are', () => {
  const called = (session: Session, ip: string, port: number): string => {
    const conn = session.newConnection();
    const [output] = session.handle(start, { type: 'called', conn, address: { ip, port } });
    return output?.type === 'hang-up' ? output.reason : 'heard';
  };

  const answers = (session: Session, count: number, ipOf: (index: number) => string): string[] =>
    Array.from({ length: count }, (_, index) => called(session, ipOf(index), 1_024 + index));

  it('have so many places at one address, and take none from anybody else', () => {
    const session = newSession();
    const fromOne = answers(session, maxCallersPerAddress + 3, () => '10.0.0.9');
    expect(fromOne.indexOf('too-many')).toBe(maxCallersPerAddress);
    expect(fromOne.slice(maxCallersPerAddress)).toEqual(Array(3).fill('too-many'));
    expect(called(session, '10.0.0.10', 1)).toBe('heard');
  });

  it('have so many places at all addresses together', () => {
    const session = newSession();
    const fromMany = answers(session, maxCallers + 3, (index) => `10.0.1.${index}`);
    expect(fromMany.indexOf('too-many')).toBe(maxCallers);
  });

  it('have their place back when one of them goes', () => {
    const session = newSession();
    answers(session, maxCallersPerAddress, () => '10.0.0.9');
    session.handle(start, { type: 'gone', conn: first });
    expect(called(session, '10.0.0.9', 1)).toBe('heard');
    expect(called(session, '10.0.0.9', 2)).toBe('too-many');
  });

  it('may be as many as anywhere at the address that is everybody’s own', () => {
    const session = newSession();
    const own = answers(session, maxCallersPerAddress + 1, () => '127.0.0.1');
    expect(own).not.toContain('too-many');
  });
});

describe('peers', () => {
  it('come under as many names as they like, and have so many places at one address', () => {
    const swarm = new FakeSwarm({ bytes: 100_000, pieceLength: 65_536, seed: 1, form: 'values' });
    const seed = swarm.join({ has: 'all' });
    const come = (ip: string, name: number): void => {
      const conn = seed.newConnection();
      const peerId = PeerId((1_000 + name).toString(16).padStart(40, '0'));
      const handshake = { infoHash: swarm.infoHash, peerId, reserved };
      seed.feed({ type: 'called', conn, address: { ip, port: 1_024 + name } });
      seed.feed({ type: 'heard', conn, sayings: [{ type: 'handshake', handshake }] });
    };
    for (let name = 0; name < 3 * maxPerAddress; name += 1) come('10.0.0.9', name);
    expect(seed.of('connected')).toHaveLength(maxPerAddress);
    come('10.0.0.10', 99);
    expect(seed.of('connected')).toHaveLength(maxPerAddress + 1);
  });
});

const reserved = reservedBits({ fast: true, extension: false });

const newSession = (): Session =>
  new Session({
    ...defaultTorrentOptions,
    form: 'values',
    upBytesPerSec: undefined,
    downBytesPerSec: undefined,
  });

/** The first that a session gives. */
const first: ConnectionId = newSession().newConnection();
