/** Text in pieces that are worth a call each. */

/** What files and hashes take at once without the calls being felt. */
const chunkChars = 2 ** 16;

export function* inChunks(texts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < chunkChars) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
