/** Markdown that cannot be broken by what is in it. */

/** A table; numbers are set to the right. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const isNumber = columns.map(
    (_, i) => rows.length > 0 && rows.every((row) => looksLikeNumber(row[i])),
  );
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => plain(String(cell))).join(' | ')} |`;
  return [
    line(columns),
    `| ${isNumber.map((right) => (right ? '---:' : '---')).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n');
}

const looksLikeNumber = (cell: string | number | undefined): boolean =>
  typeof cell === 'number' || (cell !== undefined && /^[\d.,]*(?: %)?$/.test(cell));

/** Control characters and bidi overrides are shown as their code, and what Markdown or HTML would read is escaped. */
export const plain = (text: string): string =>
  text
    .replace(/[|<>`*\\[\]]/g, (char) => `\\${char}`)
    .replace(
      /[\p{Cc}\p{Cf}]/gu,
      (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    );

/** Text to be shown letter by letter, on lines of its own. */
export const code = (text: string): string => `\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\``;
