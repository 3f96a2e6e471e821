#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Sockets of IPv4 and IPv6: who talks to whom on this machine.
load live

setup()
{
        live_setup
        mk loopback
}

teardown() { live_teardown; }

inode()
{
        one ".inode == $1" list inet
}

# A pair of processes with a TCP connection: SERVER, CLIENT (inodes), LISTENER, FD, PORT.
connection()
{
        mk child comm=server
        SERVER_CHILD=${A[child]} SERVER_PID=${A[pid]}
        mk child comm=client
        CLIENT_CHILD=${A[child]} CLIENT_PID=${A[pid]}
        mk "@$SERVER_CHILD" inet listen=5 "$@"
        LISTENER=${A[inode]} FD=${A[fd]} PORT=${A[port]}
}

@test "inet: a TCP connection and the processes at its ends" {
        connection
        mk "@$CLIENT_CHILD" connect port="$PORT"
        client=${A[inode]} client_port=${A[port]}
        mk "@$SERVER_CHILD" accept fd="$FD"
        server=${A[inode]}
        listed inet ".inode == $LISTENER"
        expect <<END
.ref == "inet:$LISTENER" and .protocol == "tcp" and .socket_state == "listening" and .local == "127.0.0.1:$PORT"
.port == $PORT and .backlog == 0 and .max_backlog == 5 and .peers == [] and (has("local_peer") | not) and .state == []
(ways("fd") | map([.pid, .fd])) == [[$SERVER_PID, $FD]]
END
        inode "$client"
        expect <<END
.socket_state == "established" and .local == "127.0.0.1:$client_port" and .remote == "127.0.0.1:$PORT"
.local_peer == true and .peers == ["inet:$server"] and (.holders | map(.pid)) == [$CLIENT_PID]
END
        inode "$server"
        expect <<<".peers == [\"inet:$client\"] and .local_peer == true and (.holders | map(.pid)) == [$SERVER_PID]"
        view show "inet:$client"
        status_is 0
        grep -q "$SERVER_PID" "$OUT"
}

@test "inet: a client that is not accepted" {
        connection
        mk "@$CLIENT_CHILD" connect port="$PORT"
        client=${A[inode]} client_port=${A[port]}
        # connect(2) returns before the listener has got the last segment of the handshake.
        eventually inode "$LISTENER" <<<'.backlog == 1 and (.peers | length) == 1'
        one ".remote == \"127.0.0.1:$client_port\"" list inet
        pending=$(jq -r .ref <<<"$OBJECT")
        expect <<END
.state == ["pending"] and (has("inode") | not) and .holders == [] and .local == "127.0.0.1:$PORT"
.peers | sort == (["inet:$client", "inet:$LISTENER"] | sort)
END
        inode "$client"
        expect <<<".peers == [\"$pending\"] and .local_peer == true"
        # The reference works, though it is of no inode.
        one true show "$pending"
        expect <<<'.state == ["pending"]'
}

@test "inet: IPv6, and IPv4 by way of an IPv6 listener" {
        connection v6=1
        mk "@$CLIENT_CHILD" connect port="$PORT" v6=1
        client=${A[inode]}
        mk "@$SERVER_CHILD" accept fd="$FD"
        inode "$client"
        expect <<<".peers == [\"inet:${A[inode]}\"] and .remote == \"[::1]:$PORT\""

        mk inet v6=1 any=1 listen=3
        fd=${A[fd]} listener=${A[inode]} port=${A[port]}
        mk connect port="$port"
        client=${A[inode]} client_port=${A[port]}
        eventually inode "$listener" <<<".local == \"[::]:$port\" and .backlog == 1 and (.peers | length) == 1"
        mk accept fd="$fd"
        server=${A[inode]}
        inode "$client"
        expect <<<".peers == [\"inet:$server\"] and .remote == \"127.0.0.1:$port\""
        inode "$server"
        expect <<<".peers == [\"inet:$client\"] and .remote == \"[::ffff:127.0.0.1]:$client_port\""
}

@test "inet: UDP, connected or not" {
        mk inet type=dgram any=1
        server=${A[inode]} port=${A[port]}
        mk connect type=dgram port="$port"
        client=${A[inode]}
        inode "$server"
        expect <<<".protocol == \"udp\" and .socket_state == \"unconnected\" and .local == \"0.0.0.0:$port\" and .peers == []"
        inode "$client"
        expect <<<".socket_state == \"established\" and .peers == [\"inet:$server\"] and .local_peer == true"
        # Each connected to the other.
        mk inet type=dgram
        one=${A[inode]} one_fd=${A[fd]} one_port=${A[port]}
        mk inet type=dgram
        two=${A[inode]} two_fd=${A[fd]} two_port=${A[port]}
        mk connect fd="$one_fd" port="$two_port"
        mk connect fd="$two_fd" port="$one_port"
        inode "$one"
        expect <<<".peers == [\"inet:$two\"]"
        inode "$two"
        expect <<<".peers == [\"inet:$one\"]"
        # Which of two that share a port takes the datagrams can't be told.
        mk inet type=dgram reuse=1
        shared=${A[port]}
        mk inet type=dgram reuse=1 port="$shared"
        mk connect type=dgram port="$shared"
        inode "${A[inode]}"
        expect <<<'.peers == [] and .local_peer == false'
}

@test "inet: what leads away is listed when it is asked for" {
        mk connect type=dgram port=9
        away=${A[inode]}
        mk inet type=dgram
        bound=${A[inode]}
        json list
        expect_all <<END
[.objects[] | select(.kind == "inet" and .inode == $away)] == []
[.objects[] | select(.kind == "inet" and .inode == $bound)] | length == 1
END
        inode "$away"
        expect <<<'.local_peer == false'
        json list --filter 'kind==inet'
        expect_all <<<"[.objects[] | select(.inode == $away)] | length == 1"
}

@test "inet: half closed, and closed by its process" {
        connection
        mk "@$CLIENT_CHILD" connect port="$PORT"
        client=${A[inode]} client_fd=${A[fd]} client_port=${A[port]}
        mk "@$SERVER_CHILD" accept fd="$FD"
        server=${A[inode]}
        mk "@$CLIENT_CHILD" shutdown fd="$client_fd" how=w
        # Until the other side has acknowledged the end, which it may delay, it is fin-wait-1.
        eventually inode "$client" <<<'.socket_state == "fin-wait-2" and .shutdown == ["send"]'
        eventually inode "$server" <<<".socket_state == \"close-wait\" and .shutdown == [\"receive\"] and .peers == [\"inet:$client\"]"
        mk "@$CLIENT_CHILD" close fd="$client_fd"
        eventually one ".local == \"127.0.0.1:$client_port\"" list inet \
                <<<'.state == ["kernel"] and .holders == [] and (has("inode") | not) and (has("owner") | not)'
}

@test "inet: sockets that are in no table" {
        mk inet unbound=1
        tcp=${A[inode]} fd=${A[fd]}
        mk family domain=2 type=raw protocol=1
        raw=${A[inode]}
        inode "$tcp"
        expect <<<".protocol == \"tcp\" and .socket_type == \"stream\" and .socket_state == null and (ways(\"fd\") | map(.fd)) == [$fd]"
        inode "$raw"
        expect <<<'.protocol == "raw" and (.holders | length) == 1'
        mk inet
        inode "${A[inode]}"
        expect <<<".protocol == \"tcp\" and .holders[0].pid == $MAKER_PID and (.local == \"127.0.0.1:${A[port]}\" or .socket_state == null)"
}

@test "inet: another network namespace" {
        mk child comm=inner
        child=${A[child]} pid=${A[pid]}
        mk "@$child" unshare what=net
        mk "@$child" loopback
        ns=$(stat -L -c %i "/proc/$pid/ns/net")
        mk inet listen=1 port=4711
        own=${A[inode]}
        mk "@$child" inet listen=2 port=4711
        other=${A[inode]} fd=${A[fd]}
        mk "@$child" connect port=4711
        client=${A[inode]}
        mk "@$child" accept fd="$fd"
        server=${A[inode]}
        inode "$own"
        expect <<<'.max_backlog == 1 and .peers == [] and (.foreign | not)'
        inode "$other"
        expect <<<".max_backlog == 2 and .foreign == true and .ref == \"inet:$other,ns=$ns\" and .namespace.inode == $ns"
        inode "$client"
        expect <<<".peers == [\"inet:$server,ns=$ns\"]"
        # Without the right to enter it: what its files show, and a gap.
        can_be_nobody || skip "there is no second user in this user namespace"
        mk "@$child" become uid=$NOBODY gid=$NOBODY
        as_nobody json list inet
        expect_all <<<".ipcview.complete == false"
}

@test "inet: other families are told by their protocol" {
        # AF_ALG, or AF_XDP: kernels are built without the one or the other.
        mk_try family domain=38 type=seqpacket || mk_try family domain=44 type=raw ||
                skip "neither AF_ALG nor AF_XDP here"
        one ".inode == ${A[inode]}" list socket
        expect <<<"(.protocol == \"ALG\" or .protocol == \"XDP\") and .ref == \"socket:${A[inode]}\" and (.holders | length) == 1"
}

same_as_ss()
{
        local ours theirs
        json list inet || return 1
        ours=$(jq -r '.objects[] | "\(.protocol) \(.local) \(.remote // "-")"' <<<"$JSON" | sed 's/ 0\.0\.0\.0:/ *:/' | sort)
        theirs=$(ss -tuanH | awk '{ peer = $6; sub(/^.*:\*$/, "-", peer); print $1, $5, peer }' | sort)
        [ "$ours" = "$theirs" ] || { diff <(echo "$ours") <(echo "$theirs"); return 1; }
}

@test "inet: the numbers are those of ss" {
        command -v ss >/dev/null || skip "ss (iproute2) is not installed"
        connection
        mk "@$CLIENT_CHILD" connect port="$PORT"
        mk "@$SERVER_CHILD" accept fd="$FD"
        mk "@$CLIENT_CHILD" connect port="$PORT"
        mk inet type=dgram v6=1
        # Connections of earlier tests have ended and are forgotten one after the other, perhaps between the two.
        wait_until same_as_ss
}
