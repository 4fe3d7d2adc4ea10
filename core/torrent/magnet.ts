/** Magnet links (BEP 9 "magnet URI format", BEP 53). */
import { ByteSink } from '../bytes/byte-sink.ts';
import { formatIp, parseIp } from '../bytes/ip.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { toHex } from '../bytes/hex.ts';
import { trackerUrlProblem, webSeedUrlProblem } from './announce-url.ts';
import { type Endpoint, InfoHash, endpointKey } from './ids.ts';

export type MagnetErrorCode =
  | 'too-long'
  | 'not-a-magnet'
  | 'bad-escape'
  | 'no-info-hash'
  | 'bad-info-hash'
  | 'unsupported-version';

/** The one error that parseMagnet throws. */
export class MagnetError extends Error {
  override readonly name = 'MagnetError';
  readonly code: MagnetErrorCode;

  constructor(code: MagnetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** File indexes from `first` to `last`, both included. */
export type FileRange = { readonly first: number; readonly last: number };

export type Magnet = {
  readonly infoHash: InfoHash;
  /** Only to show until the real name is known; not fit for a file. */
  readonly name?: string;
  /** Bytes in the torrent. */
  readonly length?: number;
  readonly trackers: readonly string[];
  readonly webSeeds: readonly string[];
  /** Peers to try at once, by address; host names are left out. */
  readonly peers: readonly Endpoint[];
  /** The files to download (BEP 53); empty means all. */
  readonly selectOnly: readonly FileRange[];
};

const prefix = 'magnet:?';

/** Browsers and chat programs carry a few thousand characters. */
const maxMagnetChars = 65_536;

/** As in a .torrent file: each costs an announce or a connection. */
const maxItems = 100;

/** Reads a link. What it has besides an info hash is left out where it makes no sense. Throws MagnetError. */
export function parseMagnet(text: string): Magnet {
  if (text.length > maxMagnetChars)
    throw new MagnetError('too-long', `a link of more than ${maxMagnetChars} characters`);
  if (text.slice(0, prefix.length).toLowerCase() !== prefix)
    throw new MagnetError('not-a-magnet', `a link that does not begin with ${prefix}`);
  const values = parametersOf(text.slice(prefix.length));
  const all = (key: string): readonly string[] => values.get(key)?.slice(0, maxItems) ?? [];
  const name = values.get('dn')?.[0];
  const length = countOf(values.get('xl')?.[0] ?? '');
  return {
    infoHash: infoHashOf(values.get('xt') ?? []),
    ...(name !== undefined && { name }),
    ...(length !== undefined && { length }),
    trackers: all('tr').filter((url) => trackerUrlProblem(url) === undefined),
    webSeeds: all('ws').filter((url) => webSeedUrlProblem(url) === undefined),
    peers: all('x.pe').flatMap((peer) => endpointOf(peer) ?? []),
    selectOnly: (values.get('so')?.[0] ?? '').split(',', maxItems).flatMap((r) => rangeOf(r) ?? []),
  };
}

/** The link that parseMagnet reads back as given. */
export function formatMagnet(magnet: Magnet): string {
  const parameters: [string, string][] = [];
  if (magnet.name !== undefined) parameters.push(['dn', magnet.name]);
  if (magnet.length !== undefined) parameters.push(['xl', String(magnet.length)]);
  for (const url of magnet.trackers) parameters.push(['tr', url]);
  for (const url of magnet.webSeeds) parameters.push(['ws', url]);
  for (const peer of magnet.peers) parameters.push(['x.pe', endpointKey(peer)]);
  const ranges = magnet.selectOnly.map(({ first, last }) =>
    first === last ? `${first}` : `${first}-${last}`,
  );
  if (ranges.length > 0) parameters.push(['so', ranges.join(',')]);
  const rest = parameters.map(([key, value]) => `&${key}=${escaped(value)}`).join('');
  return `${prefix}xt=urn:btih:${magnet.infoHash}${rest}`;
}

/** Values by key; `tr.1`, `tr.2` count as `tr`. */
function parametersOf(query: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    if (equals < 0) continue;
    const key = parameter
      .slice(0, equals)
      .toLowerCase()
      .replace(/\.\d+$/, '');
    const known = values.get(key);
    const value = unescaped(parameter.slice(equals + 1));
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  }
  return values;
}

function infoHashOf(topics: readonly string[]): InfoHash {
  const topic = topics.find((urn) => /^urn:btih:/i.test(urn));
  if (topic === undefined) {
    if (topics.some((urn) => /^urn:btmh:/i.test(urn)))
      throw new MagnetError('unsupported-version', 'a link to a torrent of version 2 only');
    throw new MagnetError('no-info-hash', 'a link without xt=urn:btih:');
  }
  const digits = topic.slice('urn:btih:'.length);
  if (/^[0-9a-f]{40}$/i.test(digits)) return InfoHash(digits.toLowerCase());
  if (/^[a-z2-7]{32}$/i.test(digits)) return InfoHash(toHex(base32(digits.toUpperCase())));
  throw new MagnetError('bad-info-hash', 'an info hash that is not 40 hex or 32 base32 digits');
}

const base32Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Eight digits are five bytes (RFC 4648); 32 digits are 20 bytes without a rest. */
function base32(digits: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let heldBits = 0;
  for (const digit of digits) {
    held = ((held << 5) | base32Digits.indexOf(digit)) & 0xfff;
    heldBits += 5;
    if (heldBits < 8) continue;
    heldBits -= 8;
    bytes.push((held >> heldBits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function endpointOf(text: string): Endpoint | undefined {
  const [, host, digits] = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined) return undefined;
  const ip = parseIp(host.replace(/^\[(.*)\]$/, '$1'));
  const port = Number(digits);
  return ip === undefined || port < 1 || port > 65_535 ? undefined : { ip: formatIp(ip), port };
}

function rangeOf(text: string): FileRange | undefined {
  const [from = '', to = from, more] = text.split('-', 3);
  const first = countOf(from);
  const last = countOf(to);
  if (first === undefined || last === undefined || more !== undefined) return undefined;
  return first <= last ? { first, last } : undefined;
}

function countOf(digits: string): number | undefined {
  const count = /^\d{1,16}$/.test(digits) ? Number(digits) : undefined;
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Everything but letters, digits and `-._~` as %XX of its UTF-8. */
const escaped = (text: string): string =>
  text.replace(
    /[^A-Za-z0-9._~-]+/g,
    (run) => `%${toHex(encodeUtf8(run)).replace(/..(?!$)/g, '$&%')}`,
  );

/** Undoes %XX and `+`; throws when an escape is cut or the result is not UTF-8. */
function unescaped(text: string): string {
  const [first = '', ...escapes] = text.replaceAll('+', ' ').split('%');
  const sink = new ByteSink();
  sink.push(encodeUtf8(first));
  for (const part of escapes) {
    if (!/^[0-9a-f]{2}/i.test(part))
      throw new MagnetError('bad-escape', 'a % without two hex digits');
    sink.push(Uint8Array.of(Number.parseInt(part.slice(0, 2), 16)));
    sink.push(encodeUtf8(part.slice(2)));
  }
  const decoded = decodeUtf8(sink.toBytes());
  if (decoded === undefined) throw new MagnetError('bad-escape', 'escapes that are not UTF-8');
  return decoded;
}
