/** A tracker that is asked line by line: what it answers can be read, and what it holds is within its limits. */
import { createHash } from 'node:crypto';
import { decodeBencode } from '../../../core/bencode/decode.ts';
import { randomStream } from '../../../core/random.ts';
import { start } from '../../../core/time.ts';
import { decodeCatalogue } from '../../../core/tracker/catalogue.ts';
import { type HttpAnswer, answerHttp } from '../../../core/tracker/http.ts';
import { Registry, type RegistryParts } from '../../../core/tracker/registry.ts';
import { type Check, bytesOf, expectSame, expectTrue } from './target.ts';
import { textOf } from './tracker-samples.ts';

const limits = { maxSwarms: 3, maxPeersPerSwarm: 4, maxPublished: 2 };
const statuses: ReadonlySet<number> = new Set([200, 201, 400, 404, 405, 414, 507]);
const maxLines = 20;

export const checkHttp: Check = (bytes) => {
  const registry = new Registry(start, parts());
  const lines = textOf(bytes).split('\n', maxLines);
  const answers = lines.map((line, i) => asked(registry, line, `127.0.0.${(i % 3) + 1}`));
  expectWithinLimits(registry);
  const restored = registry.snapshot(start);
  const restarted = new Registry(start, { ...parts(), restored });
  expectSame(restarted.snapshot(start), restored, 'other after a restart');
  return answers.at(-1) ?? '';
};

const parts = (): RegistryParts => ({
  random: randomStream(1, 'fuzz'),
  sha1: (bytes) => createHash('sha1').update(bytes).digest(),
  options: limits,
});

/** A method, a target, and behind a second space the body. */
function asked(registry: Registry, line: string, remoteIp: string): string {
  const [method = '', target = '', ...rest] = line.split(' ');
  const body = bytesOf(rest.join(' '));
  const request = { method, target, remoteIp, body, date: '2024-01-01T00:00:00Z' };
  const answer = answerHttp(registry, start, request);
  expectTrue(statuses.has(answer.status), 'a status that is never given');
  expectReadable(answer, line);
  return `${answer.status} ${answer.news?.type ?? ''}`;
}

function expectReadable({ body, headers }: HttpAnswer, line: string): void {
  const text = Buffer.from(body).toString();
  if (line === 'GET /torrents') decodeCatalogue(text);
  else if (headers['content-type']?.startsWith('application/json') === true) JSON.parse(text);
  else expectTrue(decodeBencode(body) instanceof Map, 'an answer that is no dictionary');
}

function expectWithinLimits(registry: Registry): void {
  const stats = registry.handle(start, { type: 'stats' });
  const { leechers, peers, seeders, swarms, torrents } = stats;
  expectSame(seeders + leechers, peers, 'peers that are neither seeders nor leechers');
  expectTrue(torrents <= limits.maxPublished, 'more torrents than fit');
  expectTrue(swarms <= limits.maxSwarms + torrents, 'more swarms than fit');
  expectTrue(peers <= limits.maxPeersPerSwarm * swarms, 'more peers than fit');
}
