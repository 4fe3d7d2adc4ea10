/** Torrents, as strangers publish them. */
import type { Target } from './target.ts';

const hashes = (count: number): string => 'h'.repeat(20 * count);
const pieces = `12:piece lengthi16e6:pieces20:${hashes(1)}`;
const padFile = 'd4:attr1:p6:lengthi5e4:pathl4:.pad1:5ee';
const file = (length: number, path: string): string => `d6:lengthi${length}e4:pathl${path}ee`;

function torrentOf({
  before = '',
  info,
  after = '',
}: {
  readonly before?: string;
  readonly info: string;
  readonly after?: string;
}): string {
  return `d${before}4:infod${info}e${after}e`;
}

export const metainfo: Target = {
  name: 'metainfo',
  seeds: [
    torrentOf({ info: `6:lengthi3e4:name1:n12:piece lengthi2e6:pieces40:${'h'.repeat(40)}` }),
    torrentOf({
      before:
        '8:announce18:http://t.example/a13:announce-listll20:http://a.example/annel19:udp://b.example:80/ee',
      info: `5:filesl${padFile}${file(4, '1:a1:b')}${file(0, '5:c.txt')}e4:name3:dir${pieces}7:privatei1e`,
      after: '8:url-listl17:http://w.example/e',
    }),
    torrentOf({
      before: '7:comment2:hi10:created by1:x13:creation datei1e9:httpseedsl9:http://h/e',
      info: `6:lengthi1e12:meta versioni2e4:name1:n10:name.utf-82:\xc3\xa9${pieces}`,
      after: '8:url-list0:',
    }),
    torrentOf({
      info: `5:filesl${file(1, '1:x')}${file(1, '1:X')}${file(1, '1:x1:y')}e4:name1:n${pieces}`,
    }),
    torrentOf({ info: `5:filesld4:attr1:l4:pathl1:aeee4:name1:n${pieces}` }),
    torrentOf({ info: '9:file treede12:meta versioni2e' }),
  ],
  tokens: [
    ...'4:info 4:name 6:length 5:files 4:path 6:pieces 4:attr 8:announce 13:announce-list'.split(
      ' ',
    ),
    ...'10:name.utf-8 10:path.utf-8 8:url-list 9:httpseeds 7:private 7:comment'.split(' '),
    ...['12:piece length', '12:meta version', '9:file tree', '10:created by', '13:creation date'],
    ...'d l e i1e i0e le de 1:p 1:l 1:x 2:.. 1:. 0: 3:a/b 3:con 4:nul. 3:a.b 8:aux.text'.split(' '),
    ...['2:a\0', '2:a ', '2:\xc3\xa9', '3:e\xcc\x81', '1:A', '1:a', '3:\xe2\x80\xae', '7:a:b|c?*'],
    ...[`20:${hashes(1)}`, '12:http://u:p@h', `300:${'n'.repeat(300)}`, file(1, '1:a')],
  ],
  load: async () => (await import('./check-metainfo.ts')).checkMetainfo,
};
