/**
 * `import { ... } from 'swarmproof/core'`: the codecs and the machines. Nothing here opens a socket, reads a
 * clock or draws a random number; time, chance and a SHA-1 come in as arguments, so it runs anywhere.
 */

// Names and quantities.
export { after, millis, minutes, seconds, since, start } from './time.ts';
export type { Duration, Instant } from './time.ts';
export { randomStream } from './random.ts';
export type { Random } from './random.ts';
export { ConnectionId, InfoHash, PeerId, PieceIndex, endpointKey } from './torrent/ids.ts';
export type { Endpoint, Sha1 } from './torrent/ids.ts';
export { fromHex, toHex } from './bytes/hex.ts';
export { decodeUtf8, encodeUtf8 } from './bytes/utf8.ts';

// bencode (BEP 3).
export { decodeBencode, inspectBencode } from './bencode/decode.ts';
export type { Inspection } from './bencode/decode.ts';
export { encodeBencode } from './bencode/encode.ts';
export { BencodeError } from './bencode/error.ts';
export type { BencodeErrorCode } from './bencode/error.ts';
export type { BencodeOptions } from './bencode/options.ts';
export type { BencodeDict, BencodeInput, BencodeValue } from './bencode/value.ts';

// Torrents (BEP 3, 9, 12, 27, 53).
export { Bitfield } from './torrent/bitfield.ts';
export { choosePieceLength, createMetainfo } from './torrent/create.ts';
export type { FileSpec, MetainfoSpec } from './torrent/create.ts';
export { segmentsOf } from './torrent/files.ts';
export { MagnetError, formatMagnet, parseMagnet } from './torrent/magnet.ts';
export type { Magnet } from './torrent/magnet.ts';
export { MetainfoError } from './torrent/metainfo-error.ts';
export type { MetainfoErrorCode } from './torrent/metainfo-error.ts';
export { hashOf, parseMetainfo } from './torrent/metainfo.ts';
export type { FileEntry, Metainfo, ParseOptions } from './torrent/metainfo.ts';
export { clientOf, makePeerId } from './torrent/peer-id.ts';
export { Pieces, blockBytes } from './torrent/pieces.ts';
export type { BlockRef } from './torrent/pieces.ts';

// The peer wire protocol (BEP 3, 6, 10, 54).
export { allowedFastSet } from './wire/allowed-fast.ts';
export { WireError } from './wire/error.ts';
export type { WireErrorCode } from './wire/error.ts';
export { ExtensionRegistry } from './wire/extension-registry.ts';
export type { Extension } from './wire/extension-registry.ts';
export { decodeExtensionHandshake, encodeExtensionHandshake } from './wire/extension.ts';
export type { ExtensionHandshake } from './wire/extension.ts';
export { Framer } from './wire/framer.ts';
export {
  decodeHandshake,
  encodeHandshake,
  handshakeLength,
  reservedBits,
} from './wire/handshake.ts';
export type { Handshake } from './wire/handshake.ts';
export { decodeMessage, encodeMessage, encodePieceHeader } from './wire/message.ts';
export type { Message } from './wire/message.ts';
export { encodeSaying, sayingLength } from './wire/saying.ts';
export type { Form, Saying } from './wire/saying.ts';
export { PeerConnection, localExtensionIds } from './peer/connection.ts';
export type {
  CloseReason,
  ConnectionInput,
  ConnectionOptions,
  ConnectionOutput,
  LocalHello,
} from './peer/connection.ts';

// Swarms: which block of whom, whom to serve, and the whole of it (BEP 3, 12, 21).
export { Announcer } from './swarm/announcer.ts';
export type { AnnouncerInput, AnnouncerOptions, AnnouncerOutput } from './swarm/announcer.ts';
export { SmartBan } from './swarm/bans.ts';
export { TokenBucket } from './swarm/bucket.ts';
export { Choker } from './swarm/choker/choker.ts';
export type { SwarmEvent } from './swarm/event.ts';
export type { TorrentInput, TorrentOutput } from './swarm/jobs.ts';
export { defaultTorrentOptions } from './swarm/options.ts';
export type { TorrentOptions } from './swarm/options.ts';
export { Picker } from './swarm/picker/picker.ts';
export type { PickerOptions, Priority } from './swarm/picker/picker.ts';
export { Session } from './swarm/session.ts';
export type { SessionInput, SessionOptions } from './swarm/session.ts';
export { Torrent } from './swarm/torrent.ts';
export type { TorrentSpec } from './swarm/torrent-parts.ts';
export { defaultChokerOptions } from './swarm/choker/slots.ts';
export { chooseUnchoked } from './swarm/choker/unchoke.ts';
export type { ChokerOptions, ChokerPeer, Unchoked } from './swarm/choker/slots.ts';

// Trackers (BEP 3, 7, 21, 23, 31, 48).
export { decodeAnnounceAnswer, encodeAnnounceAnswer } from './tracker/announce-answer.ts';
export { decodeAnnounceQuery, encodeAnnounceQuery } from './tracker/announce.ts';
export type {
  AnnounceAnswer,
  AnnounceEvent,
  AnnounceRequest,
  PeerAddress,
} from './tracker/announce.ts';
export type { CatalogueEntry } from './tracker/catalogue.ts';
export { answerHttp } from './tracker/http.ts';
export type { HttpAnswer, HttpRequest } from './tracker/http.ts';
export { Registry } from './tracker/registry.ts';
export type { RegistryParts } from './tracker/registry.ts';
export type { RegistryInput } from './tracker/registry-input.ts';
export { UdpClient } from './tracker/udp/client.ts';
export type { UdpClientInput, UdpClientOutput } from './tracker/udp/client.ts';
export { UdpTracker } from './tracker/udp/tracker.ts';
export { defaultRegistryOptions } from './tracker/registry-options.ts';
export type { RegistryOptions } from './tracker/registry-options.ts';
export { decodeScrapeAnswer, encodeScrapeAnswer } from './tracker/scrape.ts';
export type { ScrapeAnswer } from './tracker/scrape.ts';
