/** The shortest input that still does it: parts are taken away as long as it does (greedy, ever smaller parts). */

/** What fails slowly must not be tried for ever. */
const maxTries = 2_000;

export function shrunk(input: Uint8Array, stillDoes: (shorter: Uint8Array) => boolean): Uint8Array {
  let best = input;
  let tries = 0;
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1 && tries < maxTries;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  )
    for (let at = 0; at < best.length && tries < maxTries;) {
      const shorter = Uint8Array.from([...best.subarray(0, at), ...best.subarray(at + size)]);
      tries += 1;
      if (stillDoes(shorter)) best = shorter;
      else at += size;
    }
  return best;
}
