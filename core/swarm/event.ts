/** What a peer tells the world about its torrents. The bench records these; nothing in core reads them back. */
import type { AnnounceEvent } from '../tracker/announce.ts';
import type { ConnectionId, Endpoint, InfoHash, PeerId, PieceIndex } from '../torrent/ids.ts';
import type { CloseReason } from '../peer/connection.ts';

/** Why a torrent stands still although nobody told it to stop. */
export type PauseReason =
  | { readonly code: 'asked' }
  | {
      readonly code: 'disk-full' | 'read-only' | 'vanished' | 'exists' | 'unsafe-path' | 'io';
      readonly message: string;
    };

export type SwarmEvent = { readonly infoHash: InfoHash } & (
  | {
      readonly type: 'opened';
      readonly source: 'resume' | 'checked' | 'new';
      /** The bitfield as it would go over the wire, in hex. */
      readonly have: string;
      readonly piecesHave: number;
      readonly pieceCount: number;
    }
  | {
      readonly type: 'connected';
      readonly conn: ConnectionId;
      readonly address: Endpoint;
      readonly peerId: PeerId;
      readonly outgoing: boolean;
    }
  | {
      readonly type: 'disconnected';
      readonly conn: ConnectionId;
      readonly address: Endpoint;
      readonly peerId: PeerId | undefined;
      readonly reason: CloseReason;
      /** Payload of `piece` messages only, in bytes. */
      readonly bytesDown: number;
      readonly bytesUp: number;
    }
  | { readonly type: 'unchoked'; readonly peerId: PeerId; readonly by: 'us' | 'them' }
  | { readonly type: 'choked'; readonly peerId: PeerId; readonly by: 'us' | 'them' }
  | { readonly type: 'piece-verified'; readonly piece: PieceIndex; readonly piecesHave: number }
  | {
      readonly type: 'piece-failed';
      readonly piece: PieceIndex;
      readonly from: readonly Endpoint[];
    }
  | { readonly type: 'have-announced'; readonly piece: PieceIndex }
  | {
      readonly type: 'served';
      readonly piece: PieceIndex;
      readonly begin: number;
      readonly length: number;
      readonly peerId: PeerId;
    }
  | { readonly type: 'banned'; readonly address: Endpoint; readonly reason: string }
  | {
      readonly type: 'wasted';
      readonly bytes: number;
      readonly why: 'duplicate' | 'unrequested' | 'failed';
    }
  | { readonly type: 'completed' }
  | {
      readonly type: 'announced';
      readonly url: string;
      readonly event: AnnounceEvent | undefined;
      readonly uploaded: number;
      readonly downloaded: number;
      readonly left: number;
    }
  | {
      readonly type: 'tracker-answered';
      readonly url: string;
      readonly seeders: number | undefined;
      readonly leechers: number | undefined;
      readonly peers: readonly Endpoint[];
    }
  | { readonly type: 'tracker-failed'; readonly url: string; readonly reason: string }
  | { readonly type: 'tracker-warned'; readonly url: string; readonly message: string }
  | { readonly type: 'paused'; readonly reason: PauseReason }
  | { readonly type: 'resumed' }
  | { readonly type: 'stopped' }
);
