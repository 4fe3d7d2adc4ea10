/** Text from strangers, made safe for a terminal and kept in full: paths and messages must stay whole. */
import { unprintable } from '../../core/torrent/printable.ts';

/** Control characters and what moves or hides others as `\u{1b}`, so that it can be seen. */
export const printable = (text: string): string =>
  text.replace(unprintable, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
