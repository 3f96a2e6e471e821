#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""unpack.py MANIFEST DIR

Makes of a text manifest the directory that `ipcview --sysroot DIR` takes for a
machine. DIR must not exist yet. Words are separated by blanks and %HH-escaped
(so names may hold any byte but NUL); paths are absolute on that machine, and
the directories that lead to them are made. Later lines overrule earlier ones.

  # comment, and empty lines
  dir PATH
  file PATH <<END           the lines that follow, up to the line END (any word)
  data PATH BYTES           exactly these bytes, %HH-escaped; - for none
  link PATH TARGET          a symbolic link; TARGET is kept as it is
  fifo PATH
  fact WORDS...             a line of DIR/.ipcview (format: src/sys/host.h)

  process PID NAME=VALUE... what most of /proc/PID looks like; then file, link... may change it
        comm=  state=S  start=TICKS  threads=1  flags=4194304  uid=0  cgroup=/
        command=ARG,ARG...  (empty: none)  ns=ipc:INODE,mnt:INODE...  (else those of self)
  fd PID NUMBER TARGET [FLAGS]   a descriptor and its fdinfo; FLAGS octal, 0100002 if not given
  self NAME=VALUE...        /proc/self: ns=  and the namespaces of processes without any of their own
"""
import os
import sys

NAMESPACES = "ipc:4026531839,mnt:4026531841,net:4026531840,pid:4026531836,user:4026531837"


class Bad(Exception):
    pass


def unescape(word):
    """%HH to bytes."""
    parts = word.encode("utf-8", "surrogateescape").split(b"%")
    out = parts[0]
    for part in parts[1:]:
        try:
            byte = bytes.fromhex(part[:2].decode("ascii"))
        except ValueError:
            raise Bad(f"bad escape in {word!r}") from None
        if len(byte) != 1:
            raise Bad(f"bad escape in {word!r}")
        out += byte + part[2:]
    return out


class Tree:
    def __init__(self, root):
        self.root = os.fsencode(root)
        self.facts = []
        self.namespaces = NAMESPACES
        os.mkdir(self.root)

    def place(self, word):
        """Where a path of that machine lies here; never outside of the root."""
        path = unescape(word) if isinstance(word, str) else word
        names = path.split(b"/")
        if not path.startswith(b"/") or b".." in names or b"." in names or b"\0" in path:
            raise Bad(f"{word!r} is no absolute path")
        there = self.root + path
        self.parents(os.path.dirname(there))
        if os.path.lexists(there) and not os.path.isdir(there):
            os.unlink(there)
        return there

    def parents(self, directory):
        if not os.path.isdir(directory) or os.path.islink(directory):
            self.parents(os.path.dirname(directory))
            os.mkdir(directory)

    def data(self, word, contents):
        with open(self.place(word), "wb") as file:
            file.write(contents)

    def link(self, word, target):
        os.symlink(target, self.place(word))

    def namespace_links(self, directory, namespaces):
        for pair in namespaces.split(","):
            kind, inode = pair.split(":")
            self.link(f"{directory}/ns/{kind}", f"{kind}:[{inode}]".encode())

    def process(self, pid, options):
        known = dict(comm="cat", state="S", start="1000", threads="1", flags="4194304", uid="0", cgroup="/",
                     command=None, ns=self.namespaces)
        for name, value in options.items():
            if name not in known:
                raise Bad(f"process has no {name}")
            known[name] = value
        comm = unescape(known["comm"])
        # proc_pid_stat(5): state ppid pgrp session tty tpgid flags ... threads 0 start ...
        numbers = ["1", pid, pid, "0", "-1", known["flags"]] + ["0"] * 10
        numbers += [known["threads"], "0", known["start"]] + ["0"] * 30
        where = f"/proc/{pid}"
        self.data(f"{where}/stat",
                  pid.encode() + b" (" + comm + b") " + f"{known['state']} {' '.join(numbers)}\n".encode())
        self.data(f"{where}/status",
                  b"Name:\t" + comm.replace(b"\\", b"\\\\").replace(b"\n", b"\\n") +
                  f"\nState:\t{known['state']}\nPid:\t{pid}\n".encode() +
                  f"Uid:\t{known['uid']}\t{known['uid']}\t{known['uid']}\t{known['uid']}\n".encode())
        command = known["comm"] if known["command"] is None else known["command"]
        arguments = command.split(",") if command else []
        self.data(f"{where}/cmdline", b"".join(unescape(argument) + b"\0" for argument in arguments))
        self.data(f"{where}/cgroup", b"0::" + unescape(known["cgroup"]) + b"\n")
        self.data(f"{where}/maps", b"")
        os.makedirs(self.place(f"{where}/fd"), exist_ok=True)
        os.makedirs(self.place(f"{where}/fdinfo"), exist_ok=True)
        self.namespace_links(where, known["ns"])

    def descriptor(self, pid, number, target, flags):
        self.link(f"/proc/{pid}/fd/{number}", unescape(target))
        self.data(f"/proc/{pid}/fdinfo/{number}", f"pos:\t0\nflags:\t{flags}\nmnt_id:\t25\nino:\t1\n".encode())

    def finish(self):
        if self.facts:
            with open(self.root + b"/.ipcview", "wb") as file:
                file.write(b"".join(fact + b"\n" for fact in self.facts))


def options_of(words):
    options = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Bad(f"{word!r} is no NAME=VALUE")
        options[name] = value
    return options


def obey(tree, words, line, following):
    verb, *rest = words
    if verb == "dir" and len(rest) == 1:
        os.makedirs(tree.place(rest[0]), exist_ok=True)
    elif verb == "file" and len(rest) == 2 and rest[1].startswith("<<") and len(rest[1]) > 2:
        lines = []
        for text in following:
            if text.rstrip("\n") == rest[1][2:]:
                break
            lines.append(text)
        else:
            raise Bad(f"no line {rest[1][2:]}")
        tree.data(rest[0], "".join(lines).encode("utf-8", "surrogateescape"))
    elif verb == "data" and len(rest) == 2:
        tree.data(rest[0], b"" if rest[1] == "-" else unescape(rest[1]))
    elif verb == "link" and len(rest) == 2:
        tree.link(rest[0], unescape(rest[1]))
    elif verb == "fifo" and len(rest) == 1:
        os.mkfifo(tree.place(rest[0]))
    elif verb == "fact" and rest:
        tree.facts.append(line.split(None, 1)[1].rstrip("\n").encode("utf-8", "surrogateescape"))
    elif verb == "process" and rest and rest[0].isdigit():
        tree.process(rest[0], options_of(rest[1:]))
    elif verb == "fd" and len(rest) in (3, 4):
        tree.descriptor(rest[0], rest[1], rest[2], rest[3] if len(rest) == 4 else "0100002")
    elif verb == "self":
        tree.namespaces = options_of(rest).get("ns", NAMESPACES)
        tree.namespace_links("/proc/self", tree.namespaces)
    else:
        raise Bad("not understood")


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    number = 0
    try:
        tree = Tree(sys.argv[2])
        with open(sys.argv[1], encoding="utf-8", errors="surrogateescape", newline="\n") as manifest:
            lines = iter(manifest.readlines())
        total = []

        def counted():
            for text in lines:
                total.append(None)
                yield text

        following = counted()
        for line in following:
            number = len(total)
            words = line.split()
            if words and not words[0].startswith("#"):
                obey(tree, words, line, following)
        tree.finish()
    except (Bad, OSError, ValueError) as problem:
        print(f"{sys.argv[1]}:{number}: {problem}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
