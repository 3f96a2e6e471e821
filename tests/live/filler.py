#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""filler.py WHAT [NAME=VALUE]...

Does one thing again and again until the kernel refuses, says how often it
worked and the error ("3 ENOSPC"), and keeps everything until its input ends.
Then all of it is removed. It refuses to run outside of a sandbox.

  uid=N          becomes that user first, for good
  rlimit=NAME:N  sets a soft and hard limit first (MSGQUEUE, NOFILE...)
  most=N         gives up after so many (a number and "none" are printed)
  hold=0         ends at once

  shm size=      sem nsems=     msg            send bytes= (to a queue of its own)
  queues maxmsg= msgsize=       messages (to a POSIX queue of its own)
  files dir=     bytes dir=     pipes          grow (one pipe, behind pipes=N of them)
  instances      watches dir=   eventfds       connects path= backlog=
  signals        forks          locks size=
"""
import ctypes
import errno
import os
import resource
import signal
import socket
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
IPC_CREAT, IPC_RMID, IPC_NOWAIT, SHM_LOCK, F_SETPIPE_SZ = 0o1000, 0, 0o4000, 11, 1031


def call(name, *args):
    result = getattr(libc, name)(*args)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


class Filler:
    def __init__(self, options):
        self.options = options
        self.kept = []
        self.undo = []

    def number(self, name, default=1):
        return int(self.options.get(name, default))

    def text(self, name, default=""):
        return self.options.get(name, default)

    def shm(self):
        shmid = call("shmget", 0, ctypes.c_size_t(self.number("size")), IPC_CREAT | 0o600)
        self.undo.append(lambda: call("shmctl", shmid, IPC_RMID, None))
        return shmid

    def locks(self):
        call("shmctl", self.shm(), SHM_LOCK, None)

    def sem(self):
        semid = call("semget", 0, self.number("nsems"), IPC_CREAT | 0o600)
        self.undo.append(lambda: call("semctl", semid, 0, IPC_RMID, None))

    def msg(self):
        msqid = call("msgget", 0, IPC_CREAT | 0o600)
        self.undo.append(lambda: call("msgctl", msqid, IPC_RMID, None))
        return msqid

    def send(self):
        if not self.kept:
            self.kept.append(self.msg())
        size = self.number("bytes", 0)
        text = ctypes.create_string_buffer(b"\1" + bytes(7) + bytes(size))
        call("msgsnd", self.kept[0], text, ctypes.c_size_t(size), IPC_NOWAIT)

    def queue(self, name, flags=0):
        class Attributes(ctypes.Structure):
            _fields_ = [(field, ctypes.c_long) for field in ("flags", "maxmsg", "msgsize", "curmsgs")]
            _fields_.append(("reserved", ctypes.c_long * 4))

        attributes = Attributes(0, self.number("maxmsg"), self.number("msgsize"), 0)
        fd = call("mq_open", name, os.O_CREAT | os.O_EXCL | os.O_RDWR | flags, 0o600, ctypes.byref(attributes))
        self.undo.append(lambda: call("mq_unlink", name))
        return fd

    def queues(self):
        name = b"/filler-%d-%d" % (os.getpid(), len(self.kept))
        self.kept.append(self.queue(name))

    def messages(self):
        if not self.kept:
            self.kept.append(self.queue(b"/filler", os.O_NONBLOCK))
        call("mq_send", self.kept[0], b"", ctypes.c_size_t(0), 0)

    def files(self):
        path = "%s/filler-%d" % (self.text("dir"), len(self.undo))
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self.undo.append(lambda: os.unlink(path))

    def bytes(self):
        if not self.kept:
            self.files()
            self.kept.append(os.open("%s/filler-0" % self.text("dir"), os.O_WRONLY))
        if os.write(self.kept[0], bytes(4096)) != 4096:
            raise OSError(errno.ENOSPC, "write")

    def pipes(self):
        self.kept += os.pipe()

    def grow(self):
        for _ in range(self.number("pipes")):
            self.pipes()
        libc.fcntl(self.kept[0], F_SETPIPE_SZ, 1 << 20) < 0 and call("fcntl", self.kept[0], F_SETPIPE_SZ, 1 << 20)

    def instances(self):
        self.kept.append(call("inotify_init1", 0))

    def watches(self):
        if not self.kept:
            self.instances()
        path = "%s/filler-%d" % (self.text("dir"), len(self.undo))
        os.mkdir(path)
        self.undo.append(lambda: os.rmdir(path))
        call("inotify_add_watch", self.kept[0], path.encode(), 2)

    def eventfds(self):
        self.kept.append(call("eventfd", 0, 0))

    def connects(self):
        if not self.kept:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(self.text("path"))
            listener.listen(self.number("backlog"))
            self.undo.append(lambda: os.unlink(self.text("path")))
            self.kept.append(listener)
        client = socket.socket(socket.AF_UNIX)
        self.kept.append(client)
        client.setblocking(False)
        client.connect(self.text("path"))

    def signals(self):
        if not self.kept:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
            self.kept.append(True)
        call("sigqueue", os.getpid(), int(signal.SIGRTMIN), ctypes.c_void_p())

    def forks(self):
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            libc.prctl(1, signal.SIGKILL)
            while os.getppid() == parent:
                time.sleep(60)
            os._exit(0)
        self.undo.append(lambda: os.kill(child, signal.SIGKILL) or os.waitpid(child, 0))

    def fill(self, what):
        for number in range(self.number("most", 100000)):
            try:
                getattr(self, what)()
            except OSError as error:
                return number, errno.errorcode[error.errno]
        return self.number("most"), "none"


def main():
    if os.environ.get("IPCVIEW_SANDBOX") != "1" or not os.path.exists("/dev/.ipcview-sandbox"):
        sys.exit("filler: not in a sandbox")
    os.closerange(3, 1024)      # the inputs of others would stay open
    options = dict(word.split("=", 1) for word in sys.argv[2:])
    filler = Filler(options)
    if "rlimit" in options:
        name, value = options["rlimit"].split(":")
        resource.setrlimit(getattr(resource, "RLIMIT_" + name, 12), (int(value), int(value)))
    if options.get("uid", str(os.getuid())) != str(os.getuid()):
        os.setgroups([])
        os.setgid(int(options["uid"]))
        os.setuid(int(options["uid"]))
        libc.prctl(4, 1)        # PR_SET_DUMPABLE: /proc/self is ours again
    number, error = filler.fill(sys.argv[1])
    print(os.getpid(), number, error, flush=True)
    if options.get("hold") != "0":
        sys.stdin.read()
    for undo in reversed(filler.undo):
        undo()


main()
