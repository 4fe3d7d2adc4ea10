/** What a tracker says of each request, a line a request. */
import { endpointKey } from '../torrent/ids.ts';
import type { TrackerNews } from '../tracker/http.ts';
import { never } from '../never.ts';
import type { Logger } from './log.ts';

export function logNews(log: Logger, news: TrackerNews, remoteIp: string): void {
  switch (news.type) {
    case 'announced':
      return logAnnounce(log, news, remoteIp);
    case 'published': {
      const { id, infoHash, name } = news.publication;
      const message = news.isNew ? 'torrent published' : 'torrent published again';
      return log.info({ id, name, infoHash, from: remoteIp }, message);
    }
    case 'scraped':
      return log.debug({ torrents: news.infoHashes.length, from: remoteIp }, 'scrape');
    case 'refused':
      return log.warn({ reason: news.reason, from: remoteIp }, 'request refused');
    default:
      return never(news);
  }
}

function logAnnounce(
  log: Logger,
  { answer, request }: Extract<TrackerNews, { readonly type: 'announced' }>,
  remoteIp: string,
): void {
  const { event, infoHash, left, peerId, port } = request;
  const peer = endpointKey({ ip: remoteIp, port });
  const said = { infoHash, peerId, peer, left, ...(event !== undefined && { event }) };
  if ('failure' in answer) return log.warn({ ...said, reason: answer.failure }, 'announce refused');
  log.info({ ...said, ...answer }, 'announce');
}
