/** libtorrent through its Python bindings, tuned for loopback: what qBittorrent and Deluge are made of. */
import { spawnSync } from 'node:child_process';
import type { Contestant } from './contestant.ts';
import { startSpoken } from './spoken.ts';

/** Debian's own interpreter: python3-libtorrent is built for that one and no other. */
export const python = '/usr/bin/python3';

/**
 * No uTP (its default, a hundredth as fast here) and no encryption, as ours; the settings that the project calls
 * `high_performance_seed`; no peer class that limits loopback; `seed_mode` spares the seeder its check.
 */
const program = `
import libtorrent as lt, json, sys
order = json.loads(sys.stdin.readline())
info = lt.torrent_info(order['torrentPath'])

def begin(peer):
    settings = lt.high_performance_seed()
    settings.update({
        'listen_interfaces': '%s:%d' % (peer['address']['ip'], peer['address']['port']),
        'outgoing_interfaces': peer['address']['ip'],
        'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
        'enable_outgoing_utp': False, 'enable_incoming_utp': False,
        'out_enc_policy': 2, 'in_enc_policy': 2,
        'allow_multiple_connections_per_ip': True,
        'alert_mask': lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
    })
    session = lt.session(settings)
    session.set_peer_class_filter(lt.ip_filter())
    params = lt.add_torrent_params()
    params.ti = info
    params.save_path = peer['dir']
    params.flags &= ~lt.torrent_flags.auto_managed
    params.flags &= ~lt.torrent_flags.paused
    if peer['role'] == 'seed':
        params.flags |= lt.torrent_flags.seed_mode
    return session, session.add_torrent(params), peer

def wait(session, of):
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, of):
                return

peers = [begin(peer) for peer in order['peers']]
for session, handle, peer in peers:
    wait(session, lt.torrent_checked_alert if peer['role'] == 'leech' else lt.listen_succeeded_alert)
print('ready', flush=True)
sys.stdin.readline()
for session, handle, peer in peers:
    for other in peer['meets']:
        handle.connect_peer((other['ip'], other['port']))
leechers = [session for session, handle, peer in peers if peer['role'] == 'leech']
for session in leechers:
    wait(session, lt.torrent_finished_alert)
if leechers:
    print('done', flush=True)
sys.stdin.readline()
`;

export const libtorrent: Contestant = {
  name: 'libtorrent',
  from: { apt: 'python3-libtorrent' },
  holdsMany: true,
  isPresent: () => spawnSync(python, ['-c', 'import libtorrent']).status === 0,
  start: (order) => startSpoken([python, '-c', program], order),
};
