/** One torrent's state in a few words, behind its bar or on a line of its own. */
import type { TorrentStats } from '../../core/swarm/stats.ts';
import { printable } from './printable.ts';
import { countText, rateText, sizeText } from './units.ts';

export function torrentLine(stats: TorrentStats): string {
  const peers = countText(stats.peers.length, 'peer');
  switch (stats.state) {
    case 'seeding':
      return `seeding to ${peers}, ${rateText(stats.upBytesPerSec)} up, ${sizeText(stats.bytesUp)} given`;
    case 'downloading':
      if (stats.peers.length === 0) return 'waiting for peers';
      return `from ${peers}, ${rateText(stats.downBytesPerSec)} down`;
    case 'paused':
      return `paused: ${pauseText(stats)}`;
    case 'opening':
      return 'checking what is there';
    case 'stopped':
      return 'stopped';
  }
}

/** Why a torrent stands still, as a sentence. */
export function pauseText({ pauseReason: reason }: TorrentStats): string {
  if (reason === undefined) return 'not paused';
  return reason.code === 'asked' ? 'as asked' : printable(reason.message);
}
