/** Questions as peers ask them of trackers. */

export const hash = '%41'.repeat(20);
export const asked = `info_hash=${hash}&peer_id=${'p'.repeat(20)}&port=80&uploaded=0&downloaded=0&left=1`;
export const parameters: readonly string[] = [
  ...[
    'info_hash=',
    'peer_id=',
    'port=',
    'uploaded=',
    'downloaded=',
    'left=',
    'compact=',
    'no_peer_id=1',
    'numwant=',
  ],
  ...[
    'event=started',
    'event=completed',
    'event=stopped',
    'event=paused',
    'key=',
    'trackerid=',
    'ip=',
    '&',
    '=',
    '%',
    '%00',
    '%ff',
  ],
  ...[hash, 'A'.repeat(20), '127.0.0.2', '::1', '65536', '0'],
];

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
