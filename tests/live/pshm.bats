#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# POSIX shared memory, and what else lies in /dev/shm.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "pshm: every field of an object that is open and mapped" {
        mk pshm name=/cache size=12288 mode=0640 write=5000 map=rw keepfd=1
        listed pshm ".inode == ${A[inode]}"
        expect <<END
.kind == "pshm"
.ref == "pshm:/cache"
.name == "/cache"
.dev == "${A[dev]}"
.mode == "0640"
.owner == {uid: 0, name: "root"}
.group.gid == 0
.size_bytes == 12288
.allocated_bytes == ${A[allocated]}
.linked == true
(.changed_at | seconds) == ${A[ctime]}
(.modified_at | seconds) == ${A[mtime]}
.state == []
.namespace.type == "mnt"
.namespace.inode == $(stat -L -c %i /proc/self/ns/mnt)
ways("fd") | length == 1
ways("fd")[0] | .pid == $MAKER_PID and .fd == ${A[fd]} and .access == "rw"
ways("map") | length == 1
ways("map")[0] | .pid == $MAKER_PID and .maps == 1 and .access == "rw"
END
}

@test "pshm: a sparse object of more than 4 GiB" {
        mk pshm name=/huge size=1099511627777
        listed pshm ".inode == ${A[inode]}"
        expect <<<'.size_bytes == 1099511627777 and .allocated_bytes == 0'
}

@test "pshm: an empty one that nobody has" {
        mk pshm name=/empty size=0 mode=0
        listed pshm ".inode == ${A[inode]}"
        expect <<<'.size_bytes == 0 and .mode == "0000" and .holders == [] and .linked'
}

@test "pshm: mapped only, read-only, in another process" {
        mk pshm name=/one size=8192
        inode=${A[inode]}
        mk child comm=reader
        pid=${A[pid]}
        mk "@${A[child]}" pshm open=1 access=r map=ro size=8192 name=/one
        listed pshm ".inode == $inode"
        expect <<END
.holders | length == 1
.holders[0] | .way == "map" and .pid == $pid and .comm == "reader" and .access == "r"
END
}

@test "pshm: a mapping that mprotect has split is one holder" {
        mk pshm name=/split size=12288 map=rw split=1
        listed pshm ".inode == ${A[inode]}"
        expect <<<".holders | length == 1 and .[0].maps == 3 and .[0].pid == $MAKER_PID"
}

@test "pshm: descriptors for reading and for writing" {
        mk pshm name=/fds keepfd=1
        writer=${A[fd]} inode=${A[inode]}
        mk pshm open=1 access=r keepfd=1 name=/fds
        listed pshm ".inode == $inode"
        expect <<<"ways(\"fd\") | map([.fd, .access]) | sort == ([[$writer, \"rw\"], [${A[fd]}, \"r\"]] | sort)"
}

@test "pshm: unlinked but mapped" {
        mk pshm name=/mapped size=8192 map=rw unlink=1
        listed pshm ".inode == ${A[inode]}"
        expect <<END
.linked == false
has("unlinked")
.size_bytes == 8192
ways("map") | map(.pid) == [$MAKER_PID]
END
        view show pshm:/mapped
        status_is 3
}

@test "pshm: unlinked, a descriptor alone holds it" {
        mk pshm name=/fdonly size=4194304 write=8192 keepfd=1 unlink=1
        listed pshm ".inode == ${A[inode]}"
        expect <<END
.linked == false
has("unlinked")
.ref == "pshm:ino=${A[inode]}"
.size_bytes == 4194304
.allocated_bytes == 8192
.holders | length == 1
.holders[0] | .way == "fd" and .fd == ${A[fd]}
END
}

@test "pshm: the name is another object now" {
        mk pshm name=/twice size=4096 keepfd=1 unlink=1
        old=${A[inode]}
        mk pshm name=/twice size=8192
        listed pshm ".inode == $old"
        expect <<<'.linked == false and .size_bytes == 4096 and (.holders | length) == 1'
        one true show pshm:/twice
        expect <<<".inode == ${A[inode]} and .linked and .size_bytes == 8192 and .holders == []"
}

@test "pshm: a name that ends in \" (deleted)\" is not deleted" {
        mk pshm name="/x%20(deleted)" map=rw keepfd=1
        listed pshm ".inode == ${A[inode]}"
        expect <<<'.name == "/x (deleted)" and .linked and (.holders | length) == 2 and (has("unlinked") | not)'
}

@test "pshm: orphan when nobody has it, not otherwise" {
        mk child
        child=${A[child]}
        mk "@$child" pshm name=/maybe keepfd=1
        inode=${A[inode]}
        listed pshm ".inode == $inode"
        expect <<<'(has("orphan") | not) and (.holders | length) == 1'
        end_child "$child"
        listed pshm ".inode == $inode"
        expect <<<'.holders == []'
}

@test "pshm: directories are descended into: what lies there takes memory too" {
        mk file path=dir type=directory
        mk file path=dir/inner type=regular bytes=10
        json list
        expect_all <<<".objects | map(select(.inode == ${A[inode]})) | map([.kind, .name]) == [[\"pshm\", \"/dir/inner\"]]"
}

@test "pshm: a symbolic link tells its target and is not followed" {
        mk file path=real type=regular bytes=777
        mk file path=dangling type=symlink target=/nowhere/at%20all
        dangling=${A[inode]}
        mk file path=link type=symlink target=real
        json list
        expect_all <<END
.objects | map(select(.inode == $dangling)) | map(.target) == ["/nowhere/at all"]
.objects | map(select(.inode == ${A[inode]})) | map(.target) == ["real"]
.objects | map(select(.size_bytes == 777)) | length == 1
END
}

@test "pshm: directories, FIFOs, links and sockets are what they are" {
        mk file path=dir type=directory
        mk file path=real type=regular bytes=777
        real=${A[inode]}
        mk file path=fifo type=fifo
        fifo=${A[inode]}
        mk file path=dangling type=symlink target=/nowhere/at%20all
        dangling=${A[inode]}
        mk file path=link type=symlink target=real
        link=${A[inode]}
        mk file path=sock type=socket
        socket=${A[inode]}
        json list
        expect_all <<END
.objects | map(select(.inode == $real)) | map([.kind, .name, .size_bytes]) == [["pshm", "/real", 777]]
.objects | map(select(.inode == $fifo)) | map([.kind, .name]) == [["fifo", "/dev/shm/fifo"]]
.objects | map(select(.inode == $dangling)) | map([.kind, .file_type]) == [["devshm", "symlink"]]
.objects | map(select(.inode == $link)) | map([.kind, .file_type]) == [["devshm", "symlink"]]
.objects | map(select(.inode == $socket)) | map([.kind, .file_type]) == [["devshm", "socket"]]
.objects | map(select(.kind == "devshm" and .file_type == "directory")) | length == 1
END
        json list pshm
        expect_all <<<".objects | map(.inode) == [$real]"
}

@test "pshm: a FIFO in /dev/shm does not hold ipcview up" {
        mk file path=fifo type=fifo
        SECONDS=0
        json list
        [ $SECONDS -lt 20 ]
}
