/** Foreign text made fit for a terminal and a log. */

/** Enough to recognise a name by. */
const maxChars = 120;

/** Controls, and what moves or hides other characters: bidi marks, zero-width characters, line separators. */
export const unprintable: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** `text` with every such character as `\u{...}`, cut at 120 characters. */
export function printable(text: string): string {
  const cut = text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
  return cut.replace(unprintable, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}
