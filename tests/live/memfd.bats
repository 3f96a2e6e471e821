#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory without a name: memfds, and files and anonymous memory that processes share.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "memfd: every field, with its seals" {
        mk memfd name=cache size=12288 write=5000 seals=6
        fd=${A[fd]} dev=${A[dev]} allocated=${A[allocated]} mode=${A[mode]}
        mk mmap fd="$fd" size=12288 readonly=1
        listed memfd '.name == "cache"'
        expect <<END
.ref == "memfd:\(.inode)"
.dev == "$dev"
.mode == "$mode" and .owner.uid == 0
.size_bytes == 12288 and .allocated_bytes == $allocated
.seals == ["shrink", "grow"]
[.holders[] | [.way, .fd, .access, .maps]] | sort == ([["fd", $fd, "rw", null], ["map", null, "r", 1]] | sort)
END
}

@test "memfd: mapped by two, one of them without a descriptor" {
        mk memfd name=two size=8192 inherit=1
        fd=${A[fd]} inode=${A[inode]}
        mk child comm=mapper
        child=${A[child]} pid=${A[pid]}
        mk "@$child" mmap fd="$fd" size=8192
        mk "@$child" close fd="$fd"
        listed memfd ".inode == $inode"
        expect <<END
.name == "two" and .size_bytes == 8192
[.holders[] | [.pid, .way]] | sort == ([[$MAKER_PID, "fd"], [$pid, "map"]] | sort)
END
        mk close fd="$fd"
        one ".inode == $inode" show "memfd:$inode"
        expect <<END
.name == "two" and .size_bytes == 8192
.holders | map([.pid, .way, .access]) == [[$pid, "map", "rw"]]
.seals == null
END
}

@test "memfd: hostile names" {
        local name
        for name in '%20(deleted)' 'a%0ab%1b[31m' '%ff%fe' '' '%5c012' 'SYSV00000000'; do
                mk memfd name="$name"
                fd=${A[fd]} inode=${A[inode]}
                mk mmap fd="$fd"
                mk close fd="$fd"
                one ".inode == $inode" list memfd
                expect <<<'.holders | length == 1'
        done
        json list memfd
        expect_all <<'END'
.objects | map(.name) | contains([" (deleted)", "a\nb\u001b[31m", "\\012", "SYSV00000000"])
.objects | any(.name == "")
.objects | any(.name_b64 == "//4=")
.objects | length == 6
END
        view list memfd
        never grep -q $'[\033\377]' "$OUT"
}

# A process whose root directory is a tmpfs of its own, where it holds a removed file.
in_own_root()
{
        local root=$1
        mkdir -p "$root"
        exec unshare --mount --propagation private sh -c '
                mount -n -t tmpfs none "$1" && cd "$1" || exit 1
                for directory in usr bin lib lib64 proc; do
                        [ ! -e "/$directory" ] || { mkdir "$directory" && mount -n --rbind "/$directory" "$directory"; } || exit 1
                done
                echo text >memfd:x
                mkdir old && pivot_root . old && umount -n -l old || exit 1
                exec chroot . sh -c "exec 5<\"/memfd:x\"; rm \"/memfd:x\"; echo up; exec sleep 60"' sh "$root"
}

@test "memfd: a removed file of the same look is none" {
        mk memfd name=real
        coproc OTHER { in_own_root "$BATS_TEST_TMPDIR/root" 3>&-; } 2>/dev/null
        pid=$OTHER_PID
        IFS= read -r -t 20 line <&"${OTHER[0]}"
        [ "$line" = up ]
        wait_until grep -qx sleep "/proc/$pid/comm"
        [ "$(readlink "/proc/$pid/fd/5")" = "/memfd:x (deleted)" ]
        json list memfd
        kill "$pid"
        expect_all <<<'.objects | map(.name) == ["real"]'
}

@test "memfd: a System V segment of the same inode is another thing" {
        mk memfd name=other
        inode=${A[inode]} fd=${A[fd]}
        mk mmap fd="$fd"
        mk nextid what=shm id="$inode"
        mk shm key=0x77 attach=1
        [ "${A[id]}" = "$inode" ] || skip "the id could not be chosen"
        json list shm memfd
        expect_all <<END
.objects | map([.kind, (.holders[] | select(.way == "map") | .pid)]) == [["shm", $MAKER_PID], ["memfd", $MAKER_PID]]
END
        json list memfd
        expect_all <<<".objects | map(select(.kind == \"memfd\")) | length == 1 and (.[0].holders | map(.way) | sort) == [\"fd\", \"map\"]"
        json list shm
        expect_all <<<'.objects | length == 1 and ([.[0].holders[] | select(.way == "map") | .maps] == [1])'
}

@test "file: mapped shared by two is an object, and a private mapping is no part of it" {
        path=$BATS_TEST_TMPDIR/shared
        mk open path="$path" size=8192
        fd=${A[fd]} inode=${A[inode]}
        mk mmap fd="$fd" size=8192
        json list file
        expect_all <<<".objects | map(select(.inode == $inode)) == []"
        mk child comm=private
        mk "@${A[child]}" open path="$path"
        mk "@0" mmap fd="${A[fd]}" size=8192 private=1
        json list file
        expect_all <<<".objects | map(select(.inode == $inode)) == []"
        mk child comm=reader
        reader=${A[pid]}
        mk "@1" open path="$path" access=r
        other=${A[fd]}
        mk "@1" mmap fd="$other" size=4096 readonly=1
        mk "@1" mmap fd="$other" size=4096 readonly=1
        listed file ".inode == $inode"
        expect <<END
.ref == "file:$path" and .name == "$path"
.file_type == "regular" and .size_bytes == 8192 and .writers == 1 and .state == []
[.holders[] | [.pid, .way, .access, .maps]] | sort == ([[$MAKER_PID, "map", "rw", 1], [$reader, "map", "r", 2]] | sort)
END
        rm "$path"
        one ".inode == $inode" list file
        expect <<<'has("unlinked") and .name == null and (.holders | length) == 2 and .ref == "file:ino='"$inode"'"'
}

@test "file: only one process, however often it maps it, is nobody to share with" {
        mk open path="$BATS_TEST_TMPDIR/alone" size=8192
        fd=${A[fd]}
        mk mmap fd="$fd"
        mk mmap fd="$fd"
        json list file
        expect_all <<<'.objects | map(select(.name // "" | endswith("/alone"))) == []'
}

@test "file: anonymous memory that was inherited" {
        mk anonymous n=2
        pids=${A[pids]}
        one '.file_type == "anonymous" and any(.holders[]; .pid == '"$MAKER_PID"')' list file
        expect <<END
.ref == "file:ino=\(.inode)"
.size_bytes == 8192 and .writers == 3
[.holders[].pid] | sort == ([$MAKER_PID, $pids] | sort)
all(.holders[]; .way == "map" and .access == "rw")
END
}

@test "file: what other kinds list is not listed twice" {
        mk pshm name=/both map=rw keepfd=1
        inode=${A[inode]}
        mk child
        mk "@${A[child]}" pshm open=1 name=/both map=rw
        mk memfd name=both inherit=1
        fd=${A[fd]} memfd=${A[inode]}
        mk mmap fd="$fd"
        mk child
        mk "@${A[child]}" mmap fd="$fd"
        mk shm attach=1
        id=${A[id]}
        mk child
        mk "@${A[child]}" shmat id="$id"
        for kinds in "" file; do
                # shellcheck disable=SC2086
                json list $kinds
                expect_all <<<".objects | map(select(.kind == \"file\" and (.inode == $inode or .inode == $memfd or .inode == $id))) == []"
        done
        json list
        expect_all <<<".objects | map(select(.kind == \"memfd\" and .inode == $memfd) | ways(\"map\") | length) == [2]"
}

@test "memfd, file: an ordinary user" {
        can_be_nobody || skip "there is no second user in this user namespace"
        chmod 711 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" 2>/dev/null || true
        mk child uid=$NOBODY comm=mine
        mk "@0" memfd name=mine size=8192 inherit=1
        fd=${A[fd]} inode=${A[inode]}
        mk "@0" mmap fd="$fd" size=8192
        as_nobody one ".inode == $inode" list memfd
        expect <<<'.name == "mine" and .size_bytes == 8192 and (.holders | length) == 2'
        mk "@0" close fd="$fd"
        # What is mapped only can't be asked without a capability: unknown, not zero.
        as_nobody one ".inode == $inode" list memfd
        expect <<<'.name == "mine" and .size_bytes == null and .owner == null and (.holders | length) == 1'
}
