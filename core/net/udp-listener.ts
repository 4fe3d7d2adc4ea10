/** The tracker's UDP door (BEP 15): a socket before the machine, and the log behind it. */
import { randomBytes } from 'node:crypto';
import { sipKeyBytes } from '../bytes/siphash.ts';
import type { Endpoint } from '../torrent/ids.ts';
import type { Instant } from '../time.ts';
import type { Registry } from '../tracker/registry.ts';
import type { TrackerNews } from '../tracker/http.ts';
import { UdpTracker } from '../tracker/udp/tracker.ts';
import { type UdpSocket, openUdp } from './udp-socket.ts';

export type UdpListenerOptions = {
  readonly address: Endpoint;
  readonly registry: Registry;
  readonly clock: () => Instant;
  /** After each answer: the registry may have another deadline. */
  readonly onAnswer: () => void;
  /** See `UdpTrackerParts`. */
  readonly tellsAnnounces: boolean;
  /** After each question that was answered. */
  readonly onNews: (news: TrackerNews, remoteIp: string) => void;
  readonly onFault: (error: unknown) => void;
};

/** Rejects with the system's error when the address cannot be had. */
export async function listenUdp(options: UdpListenerOptions): Promise<UdpSocket> {
  const { address, clock, onAnswer, onFault, onNews, registry, tellsAnnounces } = options;
  const tracker = new UdpTracker({ registry, secret: randomBytes(sipKeyBytes), tellsAnnounces });
  const socket: UdpSocket = await openUdp({
    ...address,
    onFault,
    onDatagram: (bytes, from) => {
      const reply = tracker.answer(clock(), bytes, from.ip);
      if (reply === undefined) return;
      socket.send(reply.bytes, from);
      onAnswer();
      if (reply.news !== undefined) onNews(reply.news, from.ip);
    },
  });
  return socket;
}
