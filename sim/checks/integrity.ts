/** Integrity: completed files are byte-identical to the source, and nobody announces or serves a piece it has not verified. */
import { type Evidence, bitsOf } from '../evidence.ts';
import type { CheckResult } from '../record.ts';
import type { RecordedEvent } from '../world.ts';
import { verdict } from './verdict.ts';

export function integrity(evidence: Evidence): CheckResult {
  const watch = new VerifiedWatch();
  const wrong = [
    ...badFiles(evidence),
    ...evidence.record.events.flatMap((event) => watch.see(event) ?? []),
  ];
  if (evidence.record.peers.length === 0) wrong.push('nobody took part');
  const { files } = evidence.record;
  const kept = `${files.length} files hashed, ${watch.claims} claims about pieces followed their verification`;
  return verdict('integrity', wrong, kept);
}

/** Follows the events of a run: what a peer announces or serves must have been opened or verified before. */
export class VerifiedWatch {
  readonly #verified = new Map<string, Set<number>>();
  claims = 0;

  /** What is wrong with this event; undefined when nothing is. */
  see(event: RecordedEvent): string | undefined {
    const key = `${event.peer} ${event.infoHash}`;
    switch (event.type) {
      case 'opened':
        this.#verified.set(key, new Set(bitsOf(event.have)));
        return undefined;
      case 'piece-verified':
        this.#of(key).add(event.piece);
        return undefined;
      case 'have-announced':
      case 'served': {
        this.claims += 1;
        if (this.#of(key).has(event.piece)) return undefined;
        const claim = event.type === 'served' ? 'served' : 'announced';
        return `${event.peer} ${claim} piece ${event.piece} at ${event.at} ms without having verified it`;
      }
      default:
        return undefined;
    }
  }

  #of(key: string): Set<number> {
    const found = this.#verified.get(key) ?? new Set();
    this.#verified.set(key, found);
    return found;
  }
}

/** Every content that a peer completed, and every file found whole, must be the source's. */
function badFiles(evidence: Evidence): readonly string[] {
  const { contents, files, peers } = evidence.record;
  const different = files
    .filter(({ isPartial }) => !isPartial)
    .filter(({ content, path, sha256 }) => {
      const source = contents[content]?.files.find((file) => file.path === path);
      return source?.sha256 !== sha256;
    })
    .map(({ peer, path }) => `${path} of ${peer} is not the source's`);
  const absent = peers
    .filter(({ name }) => evidence.completedAt(name) !== undefined)
    .filter(({ name }) => !evidence.isVerified(name))
    .map(
      ({ name }) => `${name} said it was complete, but its files are not there, whole and equal`,
    );
  return [...different, ...absent];
}
