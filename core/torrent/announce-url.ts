/** Which URLs of trackers and web seeds are used at all (BEP 3, BEP 15, BEP 19). */

/** What servers and proxies take in a request line. */
export const maxUrlChars = 2_048;

/** Printable ASCII: no space, no line break to smuggle a header in, nothing that only looks like a letter. */
const plain = /^[\x21-\x7e]*$/;
const parts = /^([a-z]+):\/\/([^/?#]*)(?:[/?#]|$)/i;
const authority = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;

const trackerSchemes: ReadonlySet<string> = new Set(['http', 'https', 'udp']);
const webSeedSchemes: ReadonlySet<string> = new Set(['http', 'https']);

/** Why an announce URL is left out, in words; undefined: it may be used. */
export const trackerUrlProblem = (url: string): string | undefined => problem(url, trackerSchemes);

/** The same for web and HTTP seeds. */
export const webSeedUrlProblem = (url: string): string | undefined => problem(url, webSeedSchemes);

function problem(url: string, schemes: ReadonlySet<string>): string | undefined {
  if (url.length > maxUrlChars) return `longer than ${maxUrlChars} characters`;
  if (!plain.test(url)) return 'characters that a URL cannot have';
  const [, scheme = '', host = ''] = parts.exec(url) ?? [];
  if (!schemes.has(scheme.toLowerCase())) return `not ${[...schemes].join(', ')}`;
  // Nobody needs them here, and they would end up in logs.
  if (host.includes('@')) return 'a user name or password';
  const matched = authority.exec(host);
  if (matched === null) return 'no host';
  const port = Number(matched[1] ?? 80);
  return port >= 1 && port <= 65_535 ? undefined : 'no such port';
}
