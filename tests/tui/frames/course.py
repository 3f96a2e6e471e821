#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Of a snapshot (`ipcview --json`) what it may have become, two seconds later each: a snapshot a line."""
import copy
import datetime
import json
import sys

ATTACHED = [0, 1, 4, 9, 9, 2]
MESSAGES = [4, 4, 5, 7, 8, 0]

now = json.load(sys.stdin)
for step, (attached, messages) in enumerate(zip(ATTACHED, MESSAGES)):
    at = datetime.datetime.fromisoformat("2025-10-09T08:53:20") + datetime.timedelta(seconds=2 * step)
    now["ipcview"]["time"] = at.isoformat() + "Z"
    objects = {one["ref"]: one for one in now["objects"]}
    objects["shm:65537"]["attached"] = attached
    objects["msg:3"]["queued_messages"] = messages
    if step == 3:
        # One is gone, and one has come.
        now["objects"].remove(objects["shm:131075"])
        new = copy.deepcopy(objects["shm:98306"])
        new.update(ref="shm:163844", id=163844, size_bytes=8192, attached=2, holders=[])
        now["objects"].append(new)
    print(json.dumps(now))
