/** File names from strangers, made fit for any file system (BEP 3, "path"). */
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { unprintable } from './printable.ts';

/** What ext4, APFS and others allow; NTFS counts 255 UTF-16 units, which is never less. */
const maxNameBytes = 255;

/** A longer last part is not an extension that would have to survive. */
const maxExtensionBytes = 32;

/** Forbidden on Windows; a colon would also name an alternate data stream there. */
const windowsCharacters = /[<>:"|?*]/g;

/** Devices on Windows in every directory, whatever the extension. */
const windowsDevice = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)/i;

/** Windows drops these, so that two names could be one file. */
const trailing = /[. ]+$/;

/** Why a component could lead out of the torrent's directory or be taken for something else; undefined: it cannot. */
export function unsafeReason(component: string): string | undefined {
  if (component === '') return 'an empty name in a path';
  if (component === '.' || component === '..') return 'a relative step in a path';
  if (component.includes('\0')) return 'a NUL in a path';
  return /[/\\]/.test(component) ? 'a separator inside a name' : undefined;
}

/**
 * `component`, which has no unsafeReason, with whatever some file system or terminal cannot take replaced by `_`,
 * cut to 255 bytes of UTF-8 with its extension kept. A portable name comes back as it is.
 */
export function portableName(component: string): string {
  const plain = component.replace(unprintable, '_').replace(windowsCharacters, '_');
  const ordinary = windowsDevice.test(plain) ? `_${plain}` : plain;
  return fitName(ordinary, '').replace(trailing, (run) => '_'.repeat(run.length));
}

/** `name` with `mark` before its extension, still within 255 bytes. */
export function fitName(name: string, mark: string): string {
  // Most names are short, and there may be half a million of them.
  if (mark === '' && 3 * name.length <= maxNameBytes) return name;
  const { stem, extension } = split(name);
  const room = maxNameBytes - byteLength(mark + extension);
  return cutUtf8(stem, room) + mark + extension;
}

/** Bytes of `text` in UTF-8. */
export const byteLength = (text: string): number => encodeUtf8(text).length;

/** Equal for names that some file system takes for the same: case and composition (NFC, NFD) differ there only on paper. */
export const foldName = (name: string): string =>
  name.normalize('NFD').toUpperCase().normalize('NFC');

function split(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  if (extension === '' || byteLength(extension) > maxExtensionBytes)
    return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension };
}

/** At most `most` bytes of `text`, never ending inside a character. */
function cutUtf8(text: string, most: number): string {
  const bytes = encodeUtf8(text);
  if (bytes.length <= most) return text;
  let end = most;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return decodeUtf8(bytes.subarray(0, end)) ?? '';
}
