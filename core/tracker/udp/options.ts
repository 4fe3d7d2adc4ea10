/** What may follow an announce (BEP 41): options, of which one is known, the path and query of the tracker's URL. */
import { maxUrlChars } from '../../torrent/announce-url.ts';
import { concatBytes, fromLatin1, latin1 } from '../../bytes/utf8.ts';
import { TrackerError } from '../error.ts';

const type = { end: 0, nop: 1, urlData: 2 } as const;
const maxOptionBytes = 255;

/** Options one by one would be a way to keep us busy with a single datagram of NOPs. */
const maxOptions = 64;

export function encodeUrlData(urlData: string): Uint8Array {
  const bytes = fromLatin1(urlData);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += maxOptionBytes) {
    const part = bytes.subarray(at, at + maxOptionBytes);
    parts.push(Uint8Array.of(type.urlData, part.length), part);
  }
  return concatBytes(...parts);
}

/** Path and query, from what follows an announce at `at`; empty when there are none. Throws TrackerError. */
export function decodeUrlData(datagram: Uint8Array, begin: number): string {
  let urlData = '';
  let at = begin;
  for (let count = 0; at < datagram.length; count += 1) {
    const kind = datagram[at];
    if (kind === type.end) break;
    if (count === maxOptions) throw new TrackerError('too-long', `more than ${maxOptions} options`);
    at += 1;
    if (kind === type.nop) continue;
    const end = at + 1 + (datagram[at] ?? datagram.length);
    if (end > datagram.length) throw new TrackerError('bad-option', 'an option is cut');
    if (kind === type.urlData) urlData += latin1(datagram.subarray(at + 1, end));
    at = end;
  }
  if (urlData.length > maxUrlChars)
    throw new TrackerError('too-long', `URL data of more than ${maxUrlChars} characters`);
  return urlData;
}
