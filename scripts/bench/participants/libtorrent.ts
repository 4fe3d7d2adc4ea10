/** libtorrent through its Python bindings, tuned for loopback: what qBittorrent and Deluge are made of. */
import { spawnSync } from 'node:child_process';
import type { Contestant } from '../contestant.ts';

/** Debian's own interpreter: python3-libtorrent is built for that one and no other. */
const python = '/usr/bin/python3';

/**
 * No uTP (its default, a hundredth as fast here) and no encryption, as ours; the settings that the project calls
 * `high_performance_seed`; no peer class that limits loopback; `seed_mode` spares the seeder its check.
 */
const program = `
import libtorrent as lt, json, sys
order = json.loads(sys.argv[1])
settings = lt.high_performance_seed()
settings.update({
    'listen_interfaces': '%s:%d' % (order['address']['ip'], order['address']['port']),
    'outgoing_interfaces': order['address']['ip'],
    'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
    'enable_outgoing_utp': False, 'enable_incoming_utp': False,
    'out_enc_policy': 2, 'in_enc_policy': 2,
    'allow_multiple_connections_per_ip': True,
    'alert_mask': lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
})
session = lt.session(settings)
session.set_peer_class_filter(lt.ip_filter())
params = lt.add_torrent_params()
params.ti = lt.torrent_info(order['torrentPath'])
params.save_path = order['dir']
params.flags &= ~lt.torrent_flags.auto_managed
params.flags &= ~lt.torrent_flags.paused
if order['role'] == 'seed':
    params.flags |= lt.torrent_flags.seed_mode
handle = session.add_torrent(params)

def wait(of):
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, of):
                return

wait(lt.torrent_checked_alert if order['role'] == 'leech' else lt.listen_succeeded_alert)
print('ready', flush=True)
word, ip, port = (sys.stdin.readline() or 'end 0 0').split()
if order['role'] == 'leech':
    handle.connect_peer((ip, int(port)))
    wait(lt.torrent_finished_alert)
    print('done', flush=True)
    sys.stdin.readline()
`;

export const libtorrent: Contestant = {
  name: 'libtorrent',
  package: 'python3-libtorrent',
  isPresent: () => spawnSync(python, ['-c', 'import libtorrent']).status === 0,
  command: (order) => [python, '-c', program, JSON.stringify(order)],
};
