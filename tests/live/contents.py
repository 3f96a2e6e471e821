# SPDX-License-Identifier: GPL-2.0-or-later
"""contents.py WORD [ARG...]: puts contents into System V objects and tells them.

  fill ID SIZE OFFSET...   attaches a segment, writes SIZE bytes that depend on the offset at each
  dense ID SIZE            the same for the whole segment
  sum ID SIZE OFFSET...    a checksum of those places, and of what lies between them (must be zeros)
  send ID                  messages of odd types, sizes and bytes
  receive ID               takes all out again: their order, types and checksums
  mqsend NAME              five different messages into a new POSIX queue
  mqreceive NAME           takes all out again, a line each
  sums DIR                 writes the SUMS of a copy anew, as whoever forges one would
  rss LIMIT COMMAND...     runs it; fails if it fails, or had more than LIMIT KiB of memory
"""
import ctypes
import hashlib
import os
import resource
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
libc.msgrcv.restype = ctypes.c_ssize_t
PAGE = 4096
MESSAGES = [(1, b"first"), (9, b""), (2**62, b"\xff\0\n% \033"), (1, b"x" * 8192), (3, bytes(range(256))), (1, b"first")]


def check(value, what):
    if value is None or value < 0 or value == 2**64 - 1:
        sys.exit("%s: errno %d" % (what, ctypes.get_errno()))
    return value


def attach(shmid):
    return check(libc.shmat(shmid, None, 0), "shmat")


def pattern(offset, size):
    seed = b"%d" % offset
    return (hashlib.sha256(seed).digest() * (size // 32 + 1))[:size]


def fill(shmid, size, *offsets):
    address = attach(shmid)
    for offset in offsets:
        ctypes.memmove(address + offset, pattern(offset, size), size)


def dense(shmid, size):
    address = attach(shmid)
    block = os.urandom(1 << 20)
    for offset in range(0, size, len(block)):
        ctypes.memmove(address + offset, block, min(len(block), size - offset))


def total(shmid, size, *offsets):
    address = attach(shmid)
    for offset in offsets:
        if ctypes.string_at(address + offset, size) != pattern(offset, size):
            sys.exit("other bytes at %d" % offset)
        before = offset // PAGE * PAGE
        if ctypes.string_at(address + before, offset - before).strip(b"\0"):
            sys.exit("no zeros before %d" % offset)
    print("same")


class Message(ctypes.Structure):
    _fields_ = [("type", ctypes.c_long), ("text", ctypes.c_char * 8192)]


def send(msqid):
    for kind, text in MESSAGES:
        message = Message(kind)
        ctypes.memmove(ctypes.addressof(message) + Message.text.offset, text, len(text))
        check(libc.msgsnd(msqid, ctypes.byref(message), ctypes.c_size_t(len(text)), 0o4000), "msgsnd")


def receive(msqid):
    message = Message()
    while True:
        size = libc.msgrcv(msqid, ctypes.byref(message), ctypes.c_size_t(8192), ctypes.c_long(0), 0o4000)
        if size < 0:
            break
        text = ctypes.string_at(ctypes.addressof(message) + Message.text.offset, size)
        print(message.type, size, hashlib.md5(text).hexdigest())


def mqsend(name):
    queue = check(libc.mq_open(name.encode(), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600, None), "mq_open")
    for number in range(5):
        text = b"message %d" % number
        check(libc.mq_send(queue, text, ctypes.c_size_t(len(text)), number % 3), "mq_send")


def mqreceive(name):
    queue = check(libc.mq_open(name.encode(), os.O_RDWR | os.O_NONBLOCK), "mq_open")
    text, priority = ctypes.create_string_buffer(1 << 16), ctypes.c_uint()
    while True:
        size = libc.mq_receive(queue, text, ctypes.c_size_t(len(text)), ctypes.byref(priority))
        if size < 0:
            break
        print(priority.value, text.raw[:size].decode())


class Hash(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def sums(directory):
    xxhash = ctypes.CDLL("libxxhash.so.0").XXH3_128bits
    xxhash.restype = Hash
    xxhash.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    names = [name for name in os.listdir(directory) if name != "SUMS"]
    with open(os.path.join(directory, "SUMS"), "w") as out:
        for name in names:
            with open(os.path.join(directory, name), "rb") as file:
                content = file.read()
            result = xxhash(content, len(content))
            print("%016x%016x  %s" % (result.high, result.low, name), file=out)


def rss(limit, *command):
    status = subprocess.call(command)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print("used %d KiB" % most, file=sys.stderr)
    sys.exit(status or most > int(limit))


def main(word, *arguments):
    texts = {"rss": rss, "sums": sums, "mqsend": mqsend, "mqreceive": mqreceive}
    if word in texts:
        return texts[word](*arguments)
    return {"fill": fill, "dense": dense, "sum": total, "send": send, "receive": receive}[word](*map(int, arguments))


main(*sys.argv[1:])
