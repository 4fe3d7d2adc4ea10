/** libtorrent's part in `create-recheck`, with one hashing thread. */
import { python } from '../participants/libtorrent.ts';
import type { Command } from '../participants/child.ts';

const program = `
import libtorrent as lt, json, os, sys
order = json.loads(sys.stdin.readline())
if order['job'] == 'create':
    print('ready', flush=True)
    sys.stdin.readline()
    files = lt.file_storage()
    lt.add_files(files, order['path'])
    torrent = lt.create_torrent(files, order['pieceLength'], lt.create_torrent.v1_only)
    lt.set_piece_hashes(torrent, order['dir'])
    with open(order['torrentPath'], 'wb') as out:
        out.write(lt.bencode(torrent.generate()))
else:
    session = lt.session({
        'hashing_threads': 1, 'listen_interfaces': '',
        'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
        'alert_mask': lt.alert.category_t.status_notification,
    })
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(order['torrentPath'])
    params.save_path = order['dir']
    params.flags &= ~lt.torrent_flags.auto_managed
    params.flags &= ~lt.torrent_flags.paused
    print('ready', flush=True)
    sys.stdin.readline()
    handle = session.add_torrent(params)
    while not any(isinstance(alert, lt.torrent_checked_alert) for alert in session.pop_alerts()):
        session.wait_for_alert(1000)
    if not handle.status().is_seeding:
        sys.exit('not all of it is right')
print('done', flush=True)
sys.stdin.readline()
`;

export const libtorrentHashing: Command = [python, '-c', program];
