#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command at a terminal of its own, as a person would.

ask.py [--stdin FILE] [--hook COMMAND] [--when REGEX] --send TEXT COMMAND [ARG...]

Waits until the output matches REGEX (usually a question: something that ends in "] " or ": "),
then runs the hook by sh, then sends TEXT (with \\n, \\x03 and \\x04 as Python has them). What the
command printed goes to standard output; the exit status is the command's, or 128 + its signal.
With --stdin the command's standard input is that file, and only /dev/tty is the terminal.
"""
import argparse
import os
import pty
import re
import select
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--stdin")
parser.add_argument("--hook")
parser.add_argument("--when", default=r"(\] |: )$")
parser.add_argument("--send", required=True)
parser.add_argument("command", nargs=argparse.REMAINDER)
options = parser.parse_args()
text = options.send.encode("latin-1").decode("unicode_escape").encode("latin-1")

pid, terminal = pty.fork()
if pid == 0:
    if options.stdin:
        os.dup2(os.open(options.stdin, os.O_RDONLY), 0)
    os.execvp(options.command[0], options.command)

output = b""
sent = False
end = time.monotonic() + 60
while time.monotonic() < end:
    if select.select([terminal], [], [], 0.2)[0]:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:         # the other side is closed
            break
        if not chunk:
            break
        output += chunk
    if not sent and re.search(options.when.encode(), output):
        sent = True
        if options.hook:
            subprocess.run(["sh", "-c", options.hook], check=True)
        os.write(terminal, text)
else:
    os.kill(pid, 9)
os.close(terminal)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(output.replace(b"\r\n", b"\n"))
sys.exit(status if status >= 0 else 128 - status)
