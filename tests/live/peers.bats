#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Mistakes that other tools make in listing, each as a test of its own.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "peers: lsipc, ipcs: what is not found is exit 0" {
        for ref in shm:123456 sem:123456 msg:123456 shm:0x5eed sem:0x5eed msg:0x5eed mq:/none pshm:/none psem:/none; do
                view show $ref
                [ "$STATUS" = 3 ] || { echo $ref; show_output; false; }
                grep -qF "$ref" "$ERR"
                view show $ref --json
                status_is 3
                jq -e '.objects == [] and (.errors | length) == 1' "$OUT"
        done
}

@test "peers: ipcrm: 4294967296 means id 0, key + 2^32 means key" {
        mk shm key=0x5eed
        for ref in shm:4294967296 shm:0x100005eed shm:key=4294991597 shm:18446744073709551616 "shm: 0" shm:0x; do
                view show "$ref"
                [ "$STATUS" = 2 ] || { echo "$ref"; show_output; false; }
        done
}

@test "peers: lsipc: -M -o SIZE does not apply" {
        mk pshm name=/sized size=4321
        mk mq name=/q send=1 bytes=5
        mk psem name=/s value=6 close=1
        view list pshm -o size_bytes --bytes --no-headings
        status_is 0
        [ "$(tr -d ' ' <"$OUT")" = 4321 ]
        view list mq -o queued_bytes,queued_messages --bytes --no-headings
        status_is 0
        [ "$(tr -s ' ' <"$OUT" | sed 's/^ //; s/ $//')" = "5 1" ]
        view list psem -o value --no-headings
        status_is 0
        [ "$(tr -d ' ' <"$OUT")" = 6 ]
}

@test "peers: lsipc: a user's list lacks other people's readable semaphores" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk psem name=/readable mode=0644 value=11 close=1
        as_nobody one '.name == "/readable"' list psem
        expect <<<'.value == 11'
}

@test "peers: lsipc: unreadable queues vanish, or show what lay on the stack" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk mq name=/secret mode=0600 send=1
        as_nobody one '.name == "/secret"' list mq
        expect <<<'.queued_messages == null and .max_messages == null and .owner.uid == 0'
        as_nobody one true show mq:/secret
        expect <<<'.mode == "0600"'
}

@test "peers: lsipc, ipcs: one's own objects of mode 0000 vanish" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk shm mode=0 key=0x1 as=$NOBODY
        as_nobody one true show shm:0x1
        expect <<<'.mode == "0000"'
}

@test "peers: lsipc: directories, FIFOs and links are segments" {
        mk file path=d type=directory
        mk file path=f type=fifo
        mk file path=big bytes=9999
        mk file path=l type=symlink target=big
        mk file path=dangling type=symlink target=nowhere
        json list pshm
        expect_all <<<'.objects | map([.name, .size_bytes]) == [["/big", 9999]]'
        json list
        expect_all <<<'.objects | map(select(.kind == "devshm" or .kind == "fifo")) | map(.file_type // .kind) | sort == ["directory", "fifo", "symlink", "symlink"]'
}

@test "peers: lsipc: names want a slash here and none there" {
        mk pshm name=/n
        mk mq name=/n
        mk psem name=/n close=1
        for kind in pshm mq psem; do
                one true show $kind:/n
                expect <<<'.name == "/n"'
        done
}

@test "peers: lsipc: a missing semaphore is reported as a message queue" {
        view show psem:/missing
        status_is 3
        grep -q 'psem:/missing' "$ERR"
        never grep -qi 'queue' "$ERR"
}

@test "peers: lsipc: JSON numbers are strings, sizes are rounded, times are local" {
        mk shm key=0x10 size=1234567 attach=1
        mk msg send=1
        json list shm msg
        expect_all <<END
all(.objects[]; .id | type == "number")
all(.objects[] | select(.kind == "shm"); [.size_bytes, .attached, .creator_pid, .age_seconds] | all(type == "number"))
all(.objects[] | select(.kind == "msg"); [.queued_bytes, .queued_messages, .max_bytes] | all(type == "number"))
all(.objects[]; .mode | type == "string" and test("^0[0-7]{3}$"))
all(.objects[]; .changed_at | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]+)?Z$"))
all(.objects[] | keys_unsorted[]; test("^[a-z][a-z0-9_]*$"))
[.objects[] | select(.kind == "shm")][0].size_bytes == 1234567
END
        first=$(jq -S '.objects[] | del(.age_seconds)' <<<"$JSON")
        TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 "$IPCVIEW" list shm msg --json >"$OUT"
        [ "$first" = "$(jq -S '.objects[] | del(.age_seconds)' "$OUT")" ]
}

@test "peers: lsipc, lsfd, lsof: invalid UTF-8 makes JSON that nobody can read" {
        mk pshm name=/%FF%FE
        mk mq name=/%80
        mk child comm=%FFx
        mk "@${A[child]}" pshm open=1 keepfd=1 name=/%FF%FE
        json list
        expect_all <<END
[.objects[] | select(.kind == "pshm")][0] | .name == "/\ufffd\ufffd" and (.name_b64 | @base64d | length) > 0
[.objects[] | select(.kind == "mq")][0] | .name == "/\ufffd" and .name_b64 == "L4A="
[.objects[] | select(.kind == "pshm")][0].holders[0] | .comm == "\ufffdx" and .comm_b64 == "/3g="
END
}

@test "peers: lsipc: -i -J drops the semaphores of a set" {
        mk sem nsems=2 values=1,2
        one true show "sem:${A[id]}"
        expect <<<'.semaphores | map(.value) == [1, 2]'
}

@test "peers: lsipc: the command of whoever has the creator's pid now" {
        [ -w /proc/sys/kernel/ns_last_pid ] || skip "pids cannot be chosen here"
        mk child comm=author
        child=${A[child]} pid=${A[pid]}
        mk "@$child" shm
        id=${A[id]}
        end_child "$child"
        sleep 3
        mk child pid="$pid" comm=stranger
        view show "shm:$id"
        status_is 0
        never grep -q stranger "$OUT"
        one true show "shm:$id"
        expect <<<'.creator_life == "reused" and all(.holders[]; .comm != "stranger")'
}

@test "peers: lsipc: cgid is shown as cuid" {
        mapped 4321 || skip "this user namespace lacks such ids"
        mk child gid=4321 uid=0
        mk "@${A[child]}" shm
        one ".id == ${A[id]}" list shm
        expect <<<'.creator.uid == 0 and .creator_group.gid == 4321'
}

@test "peers: ipcs: owner names are cut, years are missing" {
        mapped 4000000001 || skip "this user namespace lacks such ids"
        mk shm uid=4000000000 gid=4000000001
        view list shm -o owner,group,changed_at --time=iso --no-headings
        status_is 0
        grep -q 4000000000 "$OUT"
        grep -q 4000000001 "$OUT"
        grep -q "$(date -u +%Y)" "$OUT"
}

@test "peers: ss, lsipc: raw control bytes reach the terminal" {
        mk pshm 'name=/%1B]0;x%07'
        view list
        never env LC_ALL=C grep -qaP '[\x1b\x07]' "$OUT"
        view list pshm -o name --no-headings
        grep -qF '\x1b' "$OUT"
}

@test "peers: lsfd: a newline in a process name makes two array items" {
        mk child comm=one%0Atwo
        pid=${A[pid]}
        mk "@${A[child]}" pshm name=/nl keepfd=1
        one '.name == "/nl"' list pshm
        expect <<<".holders | length == 1 and .[0].comm == \"one\\ntwo\" and .[0].pid == $pid"
}

@test "peers: fuser, ss: a process name ends at its first )" {
        mk child 'comm=ev)%20il'
        mk "@${A[child]}" pshm name=/ev keepfd=1
        one '.name == "/ev"' list pshm
        expect <<<'.holders[0].comm == "ev) il"'
}

@test "peers: lsfd: a semaphore that its creator maps is called deleted" {
        mk psem name=/living value=1
        json list psem
        expect_all <<<'.objects | map([.ref, .linked]) == [["psem:/living", true]]'
}

@test "peers: lsof: names are cut at a blank" {
        mk pshm name='/u%20sp%20ace' keepfd=1 map=rw
        one '.name == "/u sp ace"' list pshm
        expect <<<'.ref == "pshm:/u%20sp%20ace" and (.holders | length) == 2'
}

@test "peers: osquery: owners without a passwd entry are empty" {
        mapped 1999999999 || skip "this user namespace lacks such ids"
        mk shm uid=1999999999
        one ".id == ${A[id]}" list shm
        expect <<<'.owner == {uid: 1999999999, name: null}'
}

@test "peers: namespaces: the mount's names with the caller's namespace" {
        mk mq name=/same send=2
        within unshare --ipc -- json list mq
        expect_all <<<'.objects | map(select(.ref == "mq:/same")) == []'
}

@test "peers: lsipc: hidden objects are silently missing" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk pshm name=/held keepfd=1
        as_nobody json list pshm
        expect_all <<<'(.ipcview.complete | not) and (.gaps | length) > 0'
}
