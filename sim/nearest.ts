/** The word somebody probably meant, for error messages. */

/** `, did you mean 'crash'?` when a known word is near; otherwise the words there are. */
export function nearest(word: string, known: readonly string[]): string {
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1));
  const best = ranked[0];
  if (best === undefined) return '';
  // A third of the word wrong is a slip of the fingers; more is another word.
  if (best.edits <= Math.ceil(word.length / 3)) return `, did you mean '${best.candidate}'?`;
  return ` (there is ${known.slice(0, mostShown).join(', ')}${known.length > mostShown ? ', ...' : ''})`;
}

/** More would bury the message. */
const mostShown = 24;

/** Levenshtein's: insertions, removals and replacements. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
