# SPDX-License-Identifier: GPL-2.0-or-later
"""Do ipcview, lsfd(1) and ss(8) tell the same of a machine? For agreement.bats.

    agreement.py hold ADDRESS...     connects to unix:PATH and tcp:HOST:PORT, opens one of everything
                                     else, prints "ready", and keeps it
    agreement.py judge DIRECTORY     compares lsfd.1 lsfd.2 (JSON), ss.1 ss.2 (-xtuap, -e) and ipcview
                                     (JSON) in there; prints what was found; exit 1 if they differ

Each holder (process, descriptor, object, access) that lsfd tells, each of a socket that ss tells,
each pair of connected sockets and each shared mapping must be ipcview's as well, and the other way
round. The peers looked before and after ipcview: what differs between these two is not judged. What
differs else must be explained by one of RULES; those are counted and printed. The rest is an error.
"""
import collections
import json
import os
import re
import sys

# Why they may differ, and stay right. A difference is explained by the first rule that names it.
RULES = {
    'passing': 'the process, descriptor or socket was not the same before and after ipcview looked: '
               'the programs that look are such, each sees itself only',
    'thread': 'a descriptor of a thread with a table of its own: lsfd and ss look at processes only',
    'borrowed': 'an inode that lsfd of util-linux 2.38 took from the descriptor before, whose link reads alike: stat(2) '
                'of the descriptor says what ipcview says',
    'unaccepted': 'a client that the listener has not accepted: ss tells it of unix listeners only, not of '
                  'the clients and not of TCP; ipcview ties them',
    'backward': 'the receiver of a connected datagram socket: ss tells the sender\'s peer only, ipcview '
                'both directions',
    'nameless': 'a mapping of a file that has no name any more, or never had: lsfd of util-linux 2.38 looks mapped '
                'files up by name; /proc/PID/maps says what ipcview says',
    'alone': 'a file that only one process has mapped and nobody else: a file is an object to ipcview '
             'when two share it',
    'ended': 'a TCP connection that has ended (TIME-WAIT): it has neither inode nor holder',
}

SOCKET_KINDS = {'unix', 'inet', 'netlink', 'packet', 'vsock', 'socket'}
ANON_KINDS = {'eventpoll': 'epoll', 'io_uring': 'iouring'}     # where our word is another
ANON_WORDS = ('eventfd', 'eventpoll', 'inotify', 'fanotify', 'signalfd', 'timerfd', 'pidfd', 'io_uring')


class Findings:
    """What agreed, what was explained, and what was not."""

    def __init__(self):
        self.agreed = collections.Counter()
        self.explained = collections.Counter()
        self.wrong = []

    def differ(self, rule, text):
        if rule:
            assert rule in RULES
            self.explained[rule] += 1
        else:
            self.wrong.append(text)

    def report(self):
        for what, times in sorted(self.agreed.items()):
            print(f'agree: {times:5} {what}')
        for rule, times in self.explained.most_common():
            print(f'explained: {times:5} {rule}: {RULES[rule]}')
        for text in self.wrong:
            print(f'DIFFER: {text}')


# --- lsfd --------------------------------------------------------------------

# A descriptor or mapping, as lsfd tells it. What: "pipe", "socket", "eventfd"... or "path".
Row = collections.namedtuple('Row', 'what dev inode access name')


def what_of(row):
    source, name, kind = (str(row.get(key) or '') for key in ('source', 'name', 'type'))
    if source == 'sockfs':
        return 'socket'
    if source == 'pipefs':
        return 'pipe'
    if source == 'mqueue':
        return 'mq'
    if source == 'pidfs' or name.startswith('pidfd:'):
        return 'pidfd'
    if source == 'anon_inodefs' or name.startswith('anon_inode:'):
        for word in ANON_WORDS:
            if kind == word or name in (f'anon_inode:{word}', f'anon_inode:[{word}]'):
                return ANON_KINDS.get(word, word)
        return 'anon'
    if kind == 'FIFO':
        return 'fifo'
    if name.startswith('/memfd:'):
        return 'memfd'
    if name.startswith('/dev/shm/'):
        return 'posix'
    if re.match(r'/dev/(pts/\d+|pts/ptmx|ptmx)$', name):
        return 'pty'
    return 'path'


class Lsfd:
    """One run: fds[pid, fd] and maps, the set of (pid, dev, inode) of shared mappings."""

    def __init__(self, path):
        self.fds, self.maps, self.pids = {}, set(), set()
        with open(path, encoding='utf-8') as file:
            rows = json.load(file)['lsfd']
        for row in rows:
            pid, assoc = int(row['pid']), str(row.get('assoc'))
            self.pids.add(pid)
            if row.get('inode') is None:
                continue
            inode, dev = int(row['inode']), str(row.get('dev'))
            if assoc.isdigit():
                access = str(row['mode']).replace('-', '')[:2]
                self.fds[pid, int(assoc)] = Row(what_of(row), dev, inode, access, row.get('name'))
            elif assoc == 'shm':
                self.maps.add((pid, dev, inode))


# --- ss ----------------------------------------------------------------------

# A socket as ss tells it. Peer: an inode for unix, else an address. Pending: inodes of unix clients
# that a listener has not accepted.
Socket = collections.namedtuple('Socket', 'family state inode local peer holders pending')


def read_unix(state, rest, holders):
    """LOCAL INODE PEER-NAME PEER-INODE [users:(...)] <-> [... peers: INODE...]; a name may have blanks in it."""
    ends = re.split(r'\s+(?:users:\(\(|<->)', rest)[0].rsplit(None, 3)
    pending = re.search(r'<->.* peers:([ \d]*)', rest)
    return Socket('unix', state, int(ends[1]), ends[0], int(ends[3]), holders,
                  frozenset(int(inode) for inode in pending[1].split()) if pending else frozenset())


def read_inet(family, state, rest, holders):
    local, peer = rest.split()[:2]
    inode = re.search(r'\bino:(\d+)', rest)
    return Socket(family, state, int(inode[1]) if inode else 0, local, peer, holders, frozenset())


def read_ss(path):
    """By inode; and those without one, as a list."""
    sockets, without = {}, []
    with open(path, encoding='utf-8', errors='surrogateescape') as file:
        for line in file:
            family, state, _, _, rest = line.split(None, 4)
            holders = frozenset((int(pid), int(fd)) for pid, fd in re.findall(r'pid=(\d+),fd=(\d+)', rest))
            if family.startswith('u_'):
                found = read_unix(state, rest, holders)
            else:
                found = read_inet(family, state, rest, holders)
            if found.inode:
                sockets[found.inode] = found
            else:
                without.append(found)
    return sockets, without


# --- ipcview -----------------------------------------------------------------

Holder = collections.namedtuple('Holder', 'object access thread')


class Ours:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            document = json.load(file)
        self.objects = document['objects']
        self.by_ref = {found['ref']: found for found in self.objects}
        self.sockets = {}
        self.fds = {}
        self.thread_fds = {}
        for gap in document['gaps']:
            print(f'ipcview did not see all: {gap}')
        if len(self.by_ref) != len(self.objects):
            raise SystemExit('two objects bear the same reference')
        for found in self.objects:
            if found['kind'] in SOCKET_KINDS and found.get('inode'):
                self.sockets[found['inode']] = found
            for holder in found['holders']:
                self.add_holder(found, holder)

    def add_holder(self, found, holder):
        if holder['way'] != 'fd' or found['kind'] == 'lock':
            return
        place = holder['pid'], holder['fd']
        mine = Holder(found, holder['access'].replace('-', ''), holder.get('tid'))
        table = self.thread_fds if mine.thread else self.fds
        if place in table and not mine.thread:
            raise SystemExit(f"{place} holds {found['ref']} and {table[place].object['ref']}")
        table[place] = mine

    def peers(self, found):
        return [self.by_ref[ref] for ref in found['peers']]


# --- judgement ---------------------------------------------------------------

def same_object(row, found):
    kind = found['kind']
    if row.what == 'socket':
        return kind in SOCKET_KINDS and found.get('inode') == row.inode
    if row.what in ('pipe', 'mq'):
        return kind == row.what and found['inode'] == row.inode
    if row.what == 'posix':
        return kind in ('pshm', 'psem', 'devshm', 'fifo', 'unix') and found['inode'] == row.inode
    if row.what in ('memfd', 'fifo'):
        return kind == row.what and found['inode'] == row.inode and found['dev'] == row.dev
    if row.what == 'path':
        return kind == 'file' and found['inode'] == row.inode and found['dev'] == row.dev
    return kind == row.what


def judge_borrowed(place, lsfd, found):
    """Two files with one text in their links, one descriptor after the other."""
    pid, fd = place
    earlier = max((other for owner, other in lsfd.fds if owner == pid and other < fd), default=None)
    if earlier is None or lsfd.fds[pid, earlier][:3] != lsfd.fds[place][:3]:
        return None
    return 'borrowed' if os.stat(f'/proc/{pid}/fd/{fd}').st_ino == found.get('inode') else None


def judge_descriptors(before, after, ours, findings):
    for place in sorted(before.fds.keys() | after.fds.keys() | ours.fds.keys()):
        row, mine = before.fds.get(place), ours.fds.get(place)
        pid, fd = place
        if row != after.fds.get(place) or (pid in before.pids) != (pid in after.pids):
            findings.differ('passing', '')
        elif not row and pid not in before.pids:
            findings.differ('passing', '')          # ipcview itself
        elif not row:
            findings.differ(None, f"ipcview alone: pid {pid} fd {fd} holds {mine.object['ref']}")
        elif not mine and row.what == 'path':
            continue                                # a file, a directory, a device
        elif not mine:
            findings.differ(None, f'lsfd alone: pid {pid} fd {fd} is {row}')
        elif not same_object(row, mine.object):
            findings.differ(judge_borrowed(place, before, mine.object), f"pid {pid} fd {fd}: {row} is {mine.object['ref']} to ipcview")
        elif mine.access != row.access:
            findings.differ(None, f"pid {pid} fd {fd}, {mine.object['ref']}: {row.access} is {mine.access} to ipcview")
        else:
            findings.agreed[f"descriptors of {mine.object['kind']} (lsfd)"] += 1
    for _ in ours.thread_fds:
        findings.differ('thread', '')


def is_mapped(pid, dev, inode):
    """Is it in the text of maps, as a shared mapping?"""
    major, minor = map(int, dev.split(':'))
    with open(f'/proc/{pid}/maps', encoding='utf-8', errors='surrogateescape') as file:
        lines = (line.split(None, 5) for line in file)
        return any(line[1].endswith('s') and line[3:5] == [f'{major:02x}:{minor:02x}', str(inode)] for line in lines)


def judge_mappings(before, after, ours, findings):
    shared = {}
    for found in ours.objects:
        if found['kind'] in ('pshm', 'psem', 'devshm', 'memfd', 'file') and found.get('dev'):
            for holder in found['holders']:
                if holder['way'] == 'map':
                    shared[holder['pid'], found['dev'], found['inode']] = found
    known = {(found['dev'], found['inode']) for found in shared.values()}
    mapped = collections.Counter((dev, inode) for _, dev, inode in before.maps)
    for mapping in sorted(before.maps | after.maps | shared.keys()):
        pid, dev, inode = mapping
        found = shared.get(mapping)
        if (mapping in before.maps) != (mapping in after.maps) or pid not in before.pids:
            findings.differ('passing', '')
        elif mapping in before.maps and found:
            findings.agreed[f"shared mappings of {found['kind']} (lsfd)"] += 1
        elif found:
            nameless = found['kind'] == 'memfd' or found.get('linked') is False or \
                       found.get('file_type') in ('anonymous', 'deleted') or not found.get('path', found.get('name'))
            findings.differ('nameless' if nameless and is_mapped(pid, dev, inode) else None,
                            f"ipcview alone: pid {pid} maps {found['ref']}")
        else:
            alone = mapped[dev, inode] == 1 and (dev, inode) not in known
            findings.differ('alone' if alone else None, f'lsfd alone: pid {pid} maps {dev} {inode}')


def judge_socket_holders(before, after, ours, findings):
    held = collections.defaultdict(set)
    for (pid, fd), mine in ours.fds.items():
        if mine.object['kind'] in SOCKET_KINDS:
            held[mine.object.get('inode')].add((pid, fd))
    for inode in sorted(before.keys() | after.keys()):
        socket, mine = before.get(inode), ours.sockets.get(inode)
        if socket != after.get(inode):
            findings.differ('passing', '')
        elif not mine:
            findings.differ(None, f'ss alone: {socket}')
        elif mine['kind'] != ('unix' if socket.family == 'unix' else 'inet'):
            findings.differ(None, f"{socket} is {mine['ref']} to ipcview")
        elif held[inode] != socket.holders:
            findings.differ(None, f"{mine['ref']} is held by {sorted(held[inode])}, to ss by {sorted(socket.holders)}")
        else:
            findings.agreed[f"holders of {mine['kind']} sockets (ss)"] += len(socket.holders)


def judge_extra(mine, other, socket, sockets):
    """A peer that ss does not tell of the socket itself: the rule that explains it."""
    theirs = sockets.get(other.get('inode'))
    if socket.family != 'unix':
        return 'unaccepted' if 'pending' in other['state'] or 'LISTEN' in (socket.state, theirs.state) else None
    if theirs and socket.inode in theirs.pending and 'pending' in mine['state'] and socket.peer == 0:
        return 'unaccepted'
    return 'backward' if theirs and theirs.peer == socket.inode else None


def judge_peers(before, after, ours, findings):
    ends = {(found.family, found.local, found.peer): inode for inode, found in before.items()}
    for inode, socket in sorted(before.items()):
        mine = ours.sockets.get(inode)
        if not mine or socket != after.get(inode):
            continue                                # told above
        if socket.family == 'unix':
            told = {socket.peer} - {0} | socket.pending
        else:
            told = {ends.get((socket.family, socket.peer, socket.local), 0)} - {0}
        peers = [peer for peer in ours.peers(mine) if peer['kind'] == mine['kind']]
        for missing in told - {peer.get('inode') for peer in peers}:
            findings.differ(None, f"to ss {missing} is a peer of {mine['ref']}, to ipcview {mine['peers']}")
        for peer in peers:
            if peer.get('inode') in told:
                findings.agreed[f"peers of {mine['kind']} sockets (ss)"] += 1
            else:
                findings.differ(judge_extra(mine, peer, socket, before),
                                f"to ipcview {peer['ref']} is a peer of {mine['ref']}, to ss not: {socket}")


def judge(directory):
    findings = Findings()
    before, after = (Lsfd(os.path.join(directory, f'lsfd.{i}')) for i in (1, 2))
    (sockets, without), (sockets_after, _) = (read_ss(os.path.join(directory, f'ss.{i}')) for i in (1, 2))
    ours = Ours(os.path.join(directory, 'ipcview'))

    judge_descriptors(before, after, ours, findings)
    judge_mappings(before, after, ours, findings)
    judge_socket_holders(sockets, sockets_after, ours, findings)
    judge_peers(sockets, sockets_after, ours, findings)
    for found in without:
        if found.state == 'TIME-WAIT':
            findings.differ('ended', '')
    findings.report()
    return 1 if findings.wrong else 0


# --- one of everything ---------------------------------------------------------

def hold(addresses):
    import ctypes
    import select
    import signal
    import socket

    libc = ctypes.CDLL(None, use_errno=True)
    kept = []

    def keep(thing):
        if isinstance(thing, int) and thing < 0:
            raise OSError(ctypes.get_errno(), 'a system call has failed')
        kept.append(thing)
        return thing

    for address in addresses:
        family, _, rest = address.partition(':')
        if family == 'unix':
            keep(socket.socket(socket.AF_UNIX)).connect(rest)
        else:
            host, _, port = rest.rpartition(':')
            keep(socket.create_connection((host, int(port))))

    keep(os.pipe())
    keep(os.eventfd(3))
    keep(select.epoll()).register(kept[-2], select.EPOLLIN)
    keep(os.memfd_create('agreement'))
    keep(os.pidfd_open(os.getpid()))
    try:
        keep(os.openpty())
    except PermissionError:             # in a user namespace
        pass
    keep(libc.inotify_init1(0))
    keep(libc.timerfd_create(1, 0))
    keep(libc.signalfd(-1, (ctypes.c_uint64 * 16)(1 << (signal.SIGUSR1 - 1)), 0))
    keep(socket.socketpair())
    keep(socket.socketpair(type=socket.SOCK_SEQPACKET))

    receiver = keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    receiver.bind(b'\0agreement receiver')
    keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)).connect(receiver.getsockname())
    for family, name in ((socket.AF_UNIX, b'\0agreement listener'), (socket.AF_INET, ('127.0.0.1', 0))):
        listener = keep(socket.socket(family))
        listener.bind(name)
        listener.listen()
        client = keep(socket.socket(family))
        client.connect(listener.getsockname())
        keep(listener.accept())
        keep(socket.socket(family)).connect(listener.getsockname())     # that nobody accepts
    one, other = (keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2))
    one.bind(('127.0.0.1', 0))
    other.connect(one.getsockname())
    one.connect(other.getsockname())
    print('ready', flush=True)
    signal.pause()


if __name__ == '__main__':
    if len(sys.argv) >= 2 and sys.argv[1] == 'hold':
        hold(sys.argv[2:])
    elif len(sys.argv) == 3 and sys.argv[1] == 'judge':
        sys.exit(judge(sys.argv[2]))
    else:
        sys.exit(__doc__)
