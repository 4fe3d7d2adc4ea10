/** The trackers and web seeds of a .torrent file (BEP 3, BEP 12, BEP 17, BEP 19). */
import { latin1 } from '../bytes/utf8.ts';
import { maxUrlChars, trackerUrlProblem, webSeedUrlProblem } from './announce-url.ts';
import type { Field } from './field.ts';
import { printable } from './printable.ts';

/** Tiers of usable announce URLs. `announce-list` replaces `announce` where it has one at all (BEP 12). */
export function readTrackers(file: Field): readonly (readonly string[])[] {
  const trackers = new UrlFilter('tracker', trackerUrlProblem);
  const tiers: (readonly string[])[] = [];
  for (const tier of file.find('announce-list')?.items() ?? []) {
    const urls = trackers.pass(tier.items());
    if (urls.length > 0) tiers.push(urls);
  }
  const announce = file.find('announce');
  announce?.bytes();
  if (announce === undefined || tiers.length > 0) return tiers;
  const only = new UrlFilter('tracker', trackerUrlProblem).pass([announce]);
  return only.length > 0 ? [only] : [];
}

/** Usable web seeds: `url-list` is one URL or a list of them, and often an empty string. */
export function readWebSeeds(file: Field): readonly string[] {
  const field = file.find('url-list');
  if (field === undefined) return [];
  const urls = field.value instanceof Uint8Array ? [field] : field.items();
  return new UrlFilter('web seed', webSeedUrlProblem).pass(urls);
}

/** Usable HTTP seeds. */
export const readHttpSeeds = (file: Field): readonly string[] =>
  new UrlFilter('HTTP seed', webSeedUrlProblem).pass(file.find('httpseeds')?.items() ?? []);

/** Lets through what may be used, warns of what may not, and stops looking at the limit. */
class UrlFilter {
  readonly #what: string;
  readonly #problemOf: (url: string) => string | undefined;
  #seen = 0;

  constructor(what: string, problemOf: (url: string) => string | undefined) {
    this.#what = what;
    this.#problemOf = problemOf;
  }

  pass(fields: Iterable<Field>): readonly string[] {
    const urls: string[] = [];
    for (const field of fields) {
      if (this.#isFull(field)) break;
      const url = readUrl(field);
      if (url !== '' && this.#isUsable(field, url)) urls.push(url);
    }
    return urls;
  }

  #isFull({ reading: { limits, warnings } }: Field): boolean {
    this.#seen += 1;
    if (this.#seen === limits.maxUrls + 1)
      warnings.add(`only the first ${limits.maxUrls} are used of the URLs of ${this.#what}s`);
    return this.#seen > limits.maxUrls;
  }

  #isUsable({ reading: { warnings } }: Field, url: string): boolean {
    const problem = this.#problemOf(url);
    if (problem !== undefined)
      warnings.add(`${this.#what} left out, ${problem}: "${printable(redacted(url))}"`);
    return problem === undefined;
  }
}

/** A URL that is cut here is too long to be used in any case. */
const readUrl = (field: Field): string => latin1(field.bytes().subarray(0, maxUrlChars + 1));

/** What stands before an @ may be a password. */
const redacted = (url: string): string => url.replace(/^([^:/]*:\/\/)?[^@]*@/, '$1…@');
