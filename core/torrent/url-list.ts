/** The trackers and web seeds of a .torrent file (BEP 3, BEP 12, BEP 17, BEP 19). */
import { latin1 } from '../bytes/utf8.ts';
import { trackerUrlProblem, webSeedUrlProblem } from './announce-url.ts';
import type { Field } from './field.ts';
import { printable } from './printable.ts';

/** Tiers of usable announce URLs. `announce-list` replaces `announce` where it has one at all (BEP 12). */
export function readTrackers(file: Field): readonly (readonly string[])[] {
  const isUsable = usable('tracker', trackerUrlProblem);
  const tiers: string[][] = [];
  for (const tier of file.find('announce-list')?.items() ?? [])
    tiers.push([...tier.items()].map(readUrl).filter((url) => isUsable(file, url)));
  const announce = file.find('announce');
  const only = announce === undefined ? '' : readUrl(announce);
  const listed = tiers.filter((tier) => tier.length > 0);
  if (listed.length > 0 || only === '') return listed;
  return isUsable(file, only) ? [[only]] : [];
}

/** Usable web seeds: `url-list` is one URL or a list of them, and often an empty string. */
export function readWebSeeds(file: Field): readonly string[] {
  const field = file.find('url-list');
  if (field === undefined) return [];
  const urls =
    field.value instanceof Uint8Array ? [readUrl(field)] : [...field.items()].map(readUrl);
  return usableSeeds(file, urls);
}

/** Usable HTTP seeds. */
export const readHttpSeeds = (file: Field): readonly string[] =>
  usableSeeds(file, [...(file.find('httpseeds')?.items() ?? [])].map(readUrl));

function usableSeeds(file: Field, urls: readonly string[]): readonly string[] {
  const isUsable = usable('web seed', webSeedUrlProblem);
  return urls.filter((url) => url !== '' && isUsable(file, url));
}

const readUrl = (field: Field): string => latin1(field.bytes());

/** A filter that warns of what it leaves out and lets no more through than the limit. */
function usable(
  what: string,
  problemOf: (url: string) => string | undefined,
): (file: Field, url: string) => boolean {
  let count = 0;
  return (file, url) => {
    const { limits, warnings } = file.reading;
    const problem = count < limits.maxUrls ? problemOf(url) : `more than ${limits.maxUrls}`;
    if (problem === undefined) count += 1;
    else warnings.add(`${what} left out, ${problem}: "${printable(redacted(url))}"`);
    return problem === undefined;
  };
}

/** What stands before an @ may be a password. */
const redacted = (url: string): string => url.replace(/^([^:/]*:\/\/)?[^@]*@/, '$1…@');
