#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# POSIX named semaphores.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "psem: every field of a semaphore" {
        mk psem name=/lock value=7 mode=0640
        listed psem ".inode == ${A[inode]}"
        expect <<END
.kind == "psem"
.ref == "psem:/lock"
.name == "/lock"
.dev == "${A[dev]}"
.mode == "0640"
.owner == {uid: 0, name: "root"}
.group.gid == 0
.value == 7
.waiting == 0
.linked == true
.state == []
.namespace.type == "mnt"
END
}

@test "psem: the creator maps it under a temporary name that is deleted, and yet it lives" {
        mk psem name=/alive value=1
        grep -q '/dev/shm/sem\..* (deleted)' "/proc/$MAKER_PID/maps" || skip "this C library makes it in another way"
        listed psem ".inode == ${A[inode]}"
        expect <<END
.linked
has("unlinked") | not
ways("map") | map(.pid) == [$MAKER_PID]
END
        json list psem
        expect_all <<<'.objects | length == 1'
}

@test "psem: a second process that opened it by name" {
        mk psem name=/two value=3
        inode=${A[inode]}
        mk child
        mk "@${A[child]}" pswait name=/two
        mk child
        mk "@${A[child]}" pspost name=/two
        listed psem ".inode == $inode"
        expect <<<'.value == 3 and (ways("map") | map(.pid) | unique | length) == 3'
}

@test "psem: threads that are blocked in sem_wait" {
        mk psem name=/busy value=0 wait=3
        listed psem ".inode == ${A[inode]}"
        expect <<END
.value == 0
.waiting == 3
has("waiters")
ways("map") | map(.pid) | sort == ([$MAKER_PID, ${A[waiters]}] | sort)
END
}

@test "psem: value 2147483647" {
        mk psem name=/max value=2147483647 close=1
        listed psem ".inode == ${A[inode]}"
        expect <<<'.value == 2147483647 and .waiting == 0 and .holders == []'
}

@test "psem: unlinked but mapped" {
        mk psem name=/gone value=2 unlink=1
        listed psem ".inode == ${A[inode]}"
        expect <<<".linked == false and has(\"unlinked\") and (ways(\"map\") | map(.pid) == [$MAKER_PID])"
        view show psem:/gone
        status_is 3
}

@test "psem: sem.* files that are no semaphores" {
        mk file path=sem.long bytes=33
        long=${A[inode]}
        mk file path=sem.none bytes=0
        none=${A[inode]}
        ones=$(printf 'ff%.0s' {1..32})
        mk file path=sem.garbage hex="$ones"
        garbage=${A[inode]}
        mk file path=sem.dir type=directory
        mk file path=sem.link type=symlink target=sem.garbage
        json list
        expect_all <<END
.objects | map(select(.inode == $long) | .kind) == ["pshm"]
.objects | map(select(.inode == $none) | .kind) == ["pshm"]
.objects | map(select(.inode == $garbage)) | map([.kind, .value]) == [["psem", null]]
.objects | map(select(.kind == "psem")) | length == 1
.objects | map(select(.kind == "devshm") | .file_type) | sort == ["directory", "symlink"]
END
}

@test "psem: one that root made without any rights" {
        mk psem name=/closed mode=0 value=4 close=1
        listed psem ".inode == ${A[inode]}"
        expect <<<'.mode == "0000" and .value == 4'
}
