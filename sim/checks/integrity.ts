/** Integrity: completed files are byte-identical to the source, and nobody announces or serves a piece it has not verified. */
import type { Evidence } from '../evidence.ts';
import type { CheckResult, Claims } from '../record.ts';
import { VerifiedWatch } from '../verified-watch.ts';
import { verdict } from './verdict.ts';

export function integrity(evidence: Evidence): CheckResult {
  const { checked, broken } = claimsIn(evidence);
  const wrong = [...badFiles(evidence), ...broken];
  if (evidence.record.peers.length === 0) wrong.push('nobody took part');
  const { files } = evidence.record;
  const kept = `${files.length} files hashed, ${checked} claims about pieces followed their verification`;
  return verdict('integrity', wrong, kept);
}

/** A lean record has what was found when the claims were made; a full one has the claims themselves. */
function claimsIn({ record }: Evidence): Claims {
  if (record.end.claims !== undefined) return record.end.claims;
  const watch = new VerifiedWatch();
  for (const event of record.events) watch.see(event);
  return watch.claims;
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
    .filter(({ name }) => evidence.completedAt(name) !== undefined && !beganAnew(name, evidence))
    .filter(({ name }) => !evidence.isVerified(name))
    .map(
      ({ name }) => `${name} said it was complete, but its files are not there, whole and equal`,
    );
  return [...different, ...absent];
}

/** Told to throw away what it had completed: then it has what it has got since, and said no more than that. */
function beganAnew(name: string, evidence: Evidence): boolean {
  const restarts = evidence.actionsOn(name, 'restart');
  const isThrownAway = restarts.some(
    ({ action }) => action.type === 'restart' && action.resume === 'none',
  );
  // The new life begins when the old one has ended, which may take it a while in which it goes on.
  const types = evidence.eventsOf(name).map(({ type }) => type);
  return isThrownAway && types.lastIndexOf('opened') > types.lastIndexOf('completed');
}
