#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Unix domain sockets: names, files, connections, what nobody holds.
load live

setup()
{
        live_setup
        # Sockets are bound, and stale ones looked for, in a /run of our own.
        mount -n -t tmpfs ipcview-run /run
}

teardown()
{
        local failed=0
        live_teardown || failed=1
        umount -n /run
        return $failed
}

# Shows the socket of that inode, however it is addressed.
inode()
{
        one ".inode == $1" list unix
}

@test "unix: a listener, its connection and who has them" {
        mk child comm=server
        server=${A[child]} server_pid=${A[pid]}
        mk child comm=client
        client=${A[child]} client_pid=${A[pid]}
        mk "@$server" sock path=/run/server.sock listen=7
        listener=${A[inode]} fd=${A[fd]}
        mk "@$client" connect path=/run/server.sock
        client_inode=${A[inode]}
        mk "@$server" accept fd="$fd"
        accepted=${A[inode]}

        listed unix ".ref == \"unix:/run/server.sock\""
        expect <<END
.inode == $listener and .socket_type == "stream" and .socket_state == "listening" and .abstract == false
.name == "/run/server.sock" and .backlog == 0 and .max_backlog == 7 and .owner.uid == 0 and .state == []
.dev == "$(stat -c '%Hd:%Ld' /run/server.sock)" and .file_inode == $(stat -c %i /run/server.sock) and .mode == "0755"
.namespace == {"type":"net","inode":$(stat -L -c %i /proc/self/ns/net)} and (.foreign | not)
holder("fd"; $server_pid) | length == 1 and .[0].comm == "server" and .[0].fd == $fd and .[0].access == "rw"
.peers == []
END
        # The connection that was accepted bears the listener's name, but is not what the name leads to.
        inode "$accepted"
        expect <<END
.ref == "unix:ino=$accepted" and .name == "/run/server.sock" and .socket_state == "established"
.peers == ["unix:ino=$client_inode"] and .peer_inode == $client_inode and (ways("fd") | map(.pid)) == [$server_pid]
.receive_queue_bytes == 0 and .shutdown == [] and (has("peer-closed") | not)
END
        listed unix ".inode == $client_inode"
        expect <<END
.ref == "unix:ino=$client_inode" and .peers == ["unix:ino=$accepted"] and (ways("fd") | map(.pid)) == [$client_pid]
(has("name") | not) or .name == null
END
}

@test "unix: socketpairs of every type" {
        for type in stream dgram seqpacket; do
                mk sockpair type=$type
                first=${A[inode]} second=${A[inode2]}
                inode "$first"
                expect <<<".socket_type == \"$type\" and .socket_state == \"established\" and .peers == [\"unix:ino=$second\"]"
                inode "$second"
                expect <<<".peers == [\"unix:ino=$first\"] and (.holders | map(.pid)) == [$MAKER_PID]"
        done
}

@test "unix: names as the kernel has them" {
        # NUL, newline, ESC, no UTF-8, blanks, what a table or a shell would take for something else
        mk sock hex=00610062 listen=1
        one ".inode == ${A[inode]}" list unix
        expect <<<'.abstract == true and .name == "\u0000a\u0000b" and .ref == "unix:@a%00b"'
        one true show unix:@a%00b
        mk sock hex=00 listen=1
        inode "${A[inode]}"
        expect <<<'.abstract == true and .name == "\u0000"'
        mk sock hex=0000 listen=1
        inode "${A[inode]}"
        expect <<<'.name == "\u0000\u0000" and .ref == "unix:@%00"'
        one true show unix:@%00
        expect <<<'.name == "\u0000\u0000"'
        mk sock hex=000a1b5b316dff20 listen=1
        inode "${A[inode]}"
        expect <<<'.ref == "unix:@%0A%1B%5B1m%FF%20" and (.name_b64 | length > 0)'
        one true show unix:@%0A%1B%5B1m%FF%20

        long=/run/$(printf '%0103d' 0)
        mk sock path="$long" listen=1
        [ ${#long} = 108 ]
        one true show "unix:$long"
        expect <<<'.name | length == 108'
        mk sock auto=1
        inode "${A[inode]}"
        expect <<<'.abstract == true and (.name | test("^\u0000[0-9a-f]{5}$")) and .socket_state == "unconnected"'

        mk sock path=/run/new%0Aline%1B[1m%FF%20x listen=1
        one true show unix:/run/new%0Aline%1B%5B1m%FF%20x
        view list unix
        status_is 0
        never grep -q "$(printf '\033')" "$OUT"
        [ "$(wc -l <"$OUT")" = "$(($(jq '.objects | length' <<<"$(LC_ALL=C.UTF-8 "$IPCVIEW" list unix --json)") + 1))" ]
}

@test "unix: a file that begins with @ is no abstract socket" {
        mkdir /run/d
        mk sock path=@x dir=/run/d listen=1
        file=${A[inode]}
        mk sock hex=0078 listen=1
        abstract=${A[inode]}
        inode "$file"
        expect <<<".name == \"@x\" and .abstract == false and .ref == \"unix:ino=$file\" and .file_inode == $(stat -c %i /run/d/@x)"
        one true show unix:@x
        expect <<<".inode == $abstract and .abstract == true"
}

@test "unix: names of 50 connections of one listener are told apart" {
        mk sock path=/run/busy listen=60
        fd=${A[fd]}
        for _ in $(seq 50); do
                mk connect path=/run/busy
                mk accept fd="$fd"
        done
        json list unix
        expect_all <<END
[.objects[] | select(.name == "/run/busy")] | length == 51
[.objects[] | select(.ref == "unix:/run/busy")] | length == 1 and .[0].socket_state == "listening"
(.objects | map(.ref) | unique | length) == (.objects | length)
all(.objects[] | select(.name == "/run/busy"); .state == [])
END
}

@test "unix: a full backlog, its clients, and the one that blocks" {
        mk sock path=/run/full listen=1
        listener=${A[inode]} fd=${A[fd]}
        mk child comm=first
        mk "@${A[child]}" connect path=/run/full
        first=${A[inode]}
        inode "$listener"
        expect <<<'.backlog == 1 and .max_backlog == 1 and .state == []'
        expect <<<".peers == [\"unix:ino=$first\"]"
        # Not accepted: the kernel gives it no peer, only the listener knows of it.
        inode "$first"
        expect <<<'.peers == ["unix:/run/full"] and .state == ["pending"] and (has("inferred") | not)'
        mk connect path=/run/full
        second=${A[inode]}
        inode "$listener"
        expect <<END
.backlog == 2 and has("full")
.peers | sort == (["unix:ino=$first", "unix:ino=$second"] | sort)
END
        # The kernel keeps a third one waiting in connect(2), where its socket is nothing yet.
        mk child comm=third
        mk "@${A[child]}" connect path=/run/full block=1
        one '.socket_state == "unconnected" and (.holders | map(.comm)) == ["third"]' list unix
        expect <<<'.peers == [] and (has("pending") | not)'
        mk accept fd="$fd"
        inode "$first"
        expect <<<".state == [] and .peers == [\"unix:ino=${A[inode]}\"]"
}

@test "unix: the client of a listener that closed before it accepted" {
        mk sock path=/run/brief listen=3
        fd=${A[fd]}
        mk connect path=/run/brief
        client=${A[inode]}
        mk close fd="$fd"
        inode "$client"
        expect <<<'has("peer-closed") and (has("pending") | not) and .peers == []'
}

@test "unix: halves and ends that are closed" {
        mk sockpair
        first=${A[inode]} second=${A[inode2]}
        mk shutdown fd="${A[fd]}" how=w
        mk sockpair
        lonely=${A[inode]}
        mk close fd="${A[fd2]}"
        mk sockpair type=dgram
        lost=${A[inode]}
        mk close fd="${A[fd2]}"
        inode "$first"
        expect <<<'.shutdown == ["send"] and (has("peer-closed") | not)'
        inode "$second"
        expect <<<'.shutdown == ["receive"]'
        inode "$lonely"
        expect <<<'.shutdown == ["receive", "send"] and has("peer-closed") and .peers == []'
        inode "$lost"
        expect <<<'has("peer-closed") and .peers == []'
}

@test "unix: who sends datagrams to whom" {
        mk sock type=dgram path=/run/log
        receiver=${A[inode]}
        mk connect type=dgram path=/run/log
        sender=${A[inode]} fd=${A[fd]}
        mk send fd="$fd" bytes=100
        inode "$sender"
        expect <<<'.peers == ["unix:/run/log"] and .socket_type == "dgram" and .socket_state == "established"'
        inode "$receiver"
        expect <<<".receive_queue_bytes == 100 and .peers == [\"unix:ino=$sender\"]"
}

@test "unix: bytes in the queues" {
        mk sockpair
        first=${A[inode]} second=${A[inode2]}
        mk send fd="${A[fd]}" bytes=1234
        inode "$second"
        expect <<<'.receive_queue_bytes == 1234 and .receive_buffer_bytes > 0 and .drops == 0'
        inode "$first"
        expect <<<'.send_queue_bytes >= 1234 and .send_memory_bytes >= 1234'
}

@test "unix: a path that is unlinked, or bound again by somebody else" {
        mk sock path=/run/gone listen=1
        gone=${A[inode]}
        rm /run/gone
        inode "$gone"
        expect <<<".ref == \"unix:ino=$gone\" and .name == \"/run/gone\" and .state == [\"unlinked\"]"

        mk sock path=/run/twice listen=1
        old=${A[inode]}
        rm /run/twice
        mk sock path=/run/twice listen=1
        new=${A[inode]}
        inode "$old"
        expect <<<".ref == \"unix:ino=$old\" and .state == [\"replaced\"]"
        one true show unix:/run/twice
        expect <<<".inode == $new and .state == [] and .file_inode == $(stat -c %i /run/twice)"

        mk sock path=/run/other listen=1
        rm /run/other
        touch /run/other
        inode "${A[inode]}"
        expect <<<'.state == ["replaced"]'
}

@test "unix: another root directory is no unlinked path" {
        # A process for which a directory of ours is /run: its path leads nowhere for us.
        mkdir -p /run/jail
        mk child comm=jailed
        child=${A[child]} pid=${A[pid]}
        mk "@$child" unshare what=mnt
        nsenter --mount="/proc/$pid/ns/mnt" mount -n --bind /run/jail /run
        mk "@$child" sock path=/run/theirs listen=1
        [ -S /run/jail/theirs ] && [ ! -e /run/theirs ]
        inode "${A[inode]}"
        expect <<<".name == \"/run/theirs\" and .state == [] and .ref == \"unix:ino=${A[inode]}\" and .mode == \"0755\""
        rm /run/jail/theirs
        inode "${A[inode]}"
        expect <<<'.state == ["unlinked"]'
        # A file system that is mounted for it alone.
        nsenter --mount="/proc/$pid/ns/mnt" mount -n -t tmpfs ipcview-theirs /run
        mk "@$child" sock path=/run/private listen=1
        inode "${A[inode]}"
        expect <<<".name == \"/run/private\" and .state == [] and .ref == \"unix:ino=${A[inode]}\""
}

@test "unix: socket files that nobody is bound to" {
        mk sock path=/run/dead listen=1
        mk close fd="${A[fd]}"
        mkdir /run/agent.1 /run/agent.1/deeper
        mk sock path=/run/agent.1/socket listen=1
        mk close fd="${A[fd]}"
        mk sock path=/run/alive listen=1
        touch /run/file
        mkfifo /run/fifo
        listed unix '.name == "/run/dead"'
        expect <<END
.ref == "unix:/run/dead" and .state == ["stale"] and .inferred == ["state"] and .holders == [] and .peers == []
.file_inode == $(stat -c %i /run/dead) and .mode == "0755" and .owner.uid == 0 and .namespace.inode == null
(.created_at | seconds) > 0 and .age_seconds < 60
END
        json list unix
        expect_all <<END
[.objects[] | select(.state | index("stale")) | .ref | select(startswith("unix:/run/"))] == ["unix:/run/agent.1/socket", "unix:/run/dead"]
END
        # Bound in another network namespace, but not stale.
        mk child comm=netless
        child=${A[child]}
        mk "@$child" unshare what=net
        mk "@$child" sock path=/run/elsewhere listen=1
        json list unix
        expect_all <<END
[.objects[] | select(.name == "/run/elsewhere") | .state] == [[]]
END
}

@test "unix: a descriptor in flight is held by nobody" {
        mk sockpair
        way=${A[fd]} way_inode=${A[inode2]}
        mk sock path=/run/passed listen=1
        passed=${A[inode]} fd=${A[fd]}
        mk send fd="$way" pass="$fd"
        mk close fd="$fd"
        inode "$passed"
        expect <<<'.holders == [] and has("unheld") and .inferred == ["state"] and .socket_state == "listening"'
        inode "$way_inode"
        expect <<<'.descriptors_in_flight == 1 and .receive_queue_bytes == 1'
        mk sockpair
        inode "${A[inode]}"
        expect <<<'.descriptors_in_flight == 0'
}

@test "unix: sockets of another network namespace" {
        mk child comm=inner
        child=${A[child]} pid=${A[pid]}
        mk "@$child" unshare what=net
        ns=$(stat -L -c %i "/proc/$pid/ns/net")
        mk "@$child" sock hex=006f746865720a listen=4
        other=${A[inode]}
        mk "@$child" sockpair
        first=${A[inode]} second=${A[inode2]}
        mk sock hex=006f746865720a listen=5
        own=${A[inode]}
        one ".inode == $other" list unix
        expect <<END
.ref == "unix:@other%0A,ns=$ns" and .namespace.inode == $ns and .foreign == true and .max_backlog == 4
(ways("fd") | map(.pid)) == [$pid]
END
        inode "$first"
        expect <<<".peers == [\"unix:ino=$second,ns=$ns\"] and .foreign == true"
        one true show unix:@other%0A
        expect <<<".inode == $own"
        one true show "unix:@other%0A,ns=$ns"
        expect <<<".inode == $other and .max_backlog == 4"
        # A path works across network namespaces: so may a connection.
        mk sock path=/run/between listen=4
        fd=${A[fd]}
        mk "@$child" connect path=/run/between
        far=${A[inode]}
        mk accept fd="$fd"
        near=${A[inode]}
        # The kernel counts what was accepted among the sockets of who connected.
        inode "$near"
        expect <<<".peers == [\"unix:ino=$far,ns=$ns\"] and .namespace.inode == $ns and (ways(\"fd\") | map(.pid)) == [$MAKER_PID]"
        inode "$far"
        expect <<<".peers == [\"unix:ino=$near,ns=$ns\"] and .foreign == true"
        one true show unix:/run/between
        expect <<<'.socket_state == "listening" and (.foreign | not)'
        # Seen from inside, they are the reader's own.
        within nsenter --net="/proc/$pid/ns/net" -- one ".inode == $other" list unix
        expect <<<'.ref == "unix:@other%0A" and (.foreign | not)'
}

@test "unix: seen by an ordinary user" {
        mk sock path=/run/public listen=1
        inode=${A[inode]}
        mkdir -m 700 /run/secret
        mk sock path=/run/secret/s listen=1
        hidden=${A[inode]}
        as_nobody one ".inode == $inode" list unix
        expect <<<'.ref == "unix:/run/public" and .state == [] and .owner.uid == 0 and .max_backlog == 1'
        as_nobody one ".inode == $hidden" list unix
        expect <<<'.name == "/run/secret/s" and (has("stale") or has("unlinked") or has("unheld") | not)'
        as_nobody json list unix
        expect_all <<<'.ipcview.complete == false and any(.gaps[]; .kind == "unix")'
}

@test "unix: a list without holders needs no walk" {
        mk sock path=/run/listed listen=1
        view list unix --no-holders
        status_is 0
        grep -q 'unix:/run/listed' "$OUT"
        one ".inode == ${A[inode]}" list unix --no-holders
        expect <<<'.state == [] and .max_backlog == 1'
}

same_as_ss()
{
        local ours theirs
        json list unix || return 1
        ours=$(jq -r '.objects[] | select(.inode != null) | .inode' <<<"$JSON" | sort -n)
        theirs=$(ss -xaH | awk '{ print $6 }' | sort -n)
        [ "$ours" = "$theirs" ] || { diff <(echo "$ours") <(echo "$theirs"); ss -xa; return 1; }
}

@test "unix: the numbers are those of ss" {
        command -v ss >/dev/null || skip "ss (iproute2) is not installed"
        mk sock path=/run/s1 listen=3
        mk connect path=/run/s1
        mk sockpair type=seqpacket
        mk sockpair type=dgram
        # Those of the tools themselves come and go.
        wait_until same_as_ss
}
