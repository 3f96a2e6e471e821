#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Names and numbers belong to a namespace; a mount may show those of another.
load live

setup() { live_setup; }
teardown() { live_teardown; }

# A child in an IPC namespace of its own, with the same names in it.
other_namespace()
{
        mk child
        CHILD=${A[child]} CHILD_PID=${A[pid]}
        mk "@$CHILD" unshare what=ipc
        NS=$(stat -L -c %i "/proc/$CHILD_PID/ns/ipc")
        INNER=(nsenter --ipc="/proc/$CHILD_PID/ns/ipc")
}

@test "namespaces: System V objects are those of the reader's namespace" {
        mk shm key=0x77 size=111
        other_namespace
        mk "@$CHILD" shm key=0x77 size=222
        within "${INNER[@]}" -- one '.key == "0x00000077"' list shm
        expect <<<".size_bytes == 222 and .namespace.inode == $NS"
        one '.key == "0x00000077"' list shm
        expect <<<".size_bytes == 111 and .namespace.inode == $(stat -L -c %i /proc/self/ns/ipc)"
}

@test "namespaces: a mount of another IPC namespace does not lend its names to ours" {
        mk mq name=/same send=1 bytes=1
        mk mq name=/outer
        other_namespace
        mk "@$CHILD" mq name=/same send=3 bytes=5
        # /dev/mqueue still shows the outer namespace; mq_unlink would act in the inner one.
        [ -e /dev/mqueue/outer ]
        within "${INNER[@]}" -- json list mq
        expect_all <<END
.objects | map(select(.ref == "mq:/same")) | length == 1
.objects | map(select(.ref == "mq:/same"))[0] | .queued_messages == 3 and .queued_bytes == 15 and .namespace.inode == $NS
all(.objects[] | select(.name == "/outer"); .namespace == null or .namespace.inode != $NS)
all(.objects[]; .ref != "mq:/outer")
END
        json list mq
        expect_all <<<'.objects | map(select(.ref == "mq:/same") | .queued_messages) == [1]'
}

@test "namespaces: a user who sees only a foreign mount is told so" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk mq name=/same mode=0644
        other_namespace
        within "${INNER[@]}" "${NOBODY_IS[@]}" -- json list mq
        expect_all <<END
all(.objects[]; .namespace == null or .namespace.inode != $NS)
any(.gaps[]; .kind == "mq")
.ipcview.complete | not
END
}

@test "namespaces: a descriptor of a queue of another namespace" {
        other_namespace
        mk "@$CHILD" mq name=/inner keepfd=1 send=1
        inode=${A[inode]}
        json
        expect_all <<END
all(.objects[] | select(.kind == "mq" and .inode == $inode); .namespace.inode != $(stat -L -c %i /proc/self/ns/ipc))
all(.objects[]; .ref != "mq:/inner")
END
}

@test "namespaces: memory of a process with another /dev/shm" {
        mk pshm name=/here
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" unshare what=mnt
        nsenter --mount="/proc/$pid/ns/mnt" mount -t tmpfs other /dev/shm
        mk "@$child" pshm name=/here size=8192 keepfd=1
        inode=${A[inode]} dev=${A[dev]}
        json list pshm
        expect_all <<END
.objects | map(select(.ref == "pshm:/here") | .size_bytes) == [4096]
.objects | map(select(.ref == "pshm:/here") | .holders) == [[]]
END
        # Removed in its own mount namespace; the root maker's memory of it is another file.
        nsenter --mount="/proc/$pid/ns/mnt" rm /dev/shm/here
}

@test "namespaces: another pid namespace numbers processes differently" {
        mk mq name=/n notify=signal
        within unshare --pid --fork --mount-proc -- one '.name == "/n"' list mq
        expect <<<".notify.pid != $MAKER_PID"
}
