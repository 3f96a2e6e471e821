#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Netlink and packet sockets.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "netlink: protocol, port and groups" {
        mk child comm=listener
        child=${A[child]} pid=${A[pid]}
        # The port may look like the pid of somebody else.
        mk "@$child" netlink protocol=0 port="$MAKER_PID" group=1 group2=9
        listed netlink ".inode == ${A[inode]}"
        expect <<END
.ref == "netlink:route/$MAKER_PID" and .name == "route/$MAKER_PID" and .protocol == "route" and .port == $MAKER_PID
.groups == "1,9" and (ways("fd") | map(.pid)) == [$pid] and .state == []
END
        mk "@$child" netlink protocol=0 group=3 group2=4
        one ".inode == ${A[inode]}" list netlink
        expect <<<'.groups == "3-4" and (.holders | length) == 1'
        mk netlink protocol=15
        one ".inode == ${A[inode]}" list netlink
        expect <<<'.protocol == "kobject_uevent" and .groups == ""'
}

@test "netlink: a socket in several groups is one object" {
        mk netlink protocol=0 group=1 group2=5
        json list netlink
        expect_all <<<"[.objects[] | select(.inode == ${A[inode]})] | length == 1"
}

@test "netlink: unbound, it is in no table" {
        mk netlink protocol=16 unbound=1
        if [ "${A[port]}" = 0 ]; then
                one ".inode == ${A[inode]}" list netlink
                expect <<<".ref == \"netlink:ino=${A[inode]}\" and .protocol == null and (.holders | length) == 1"
                one true show "netlink:ino=${A[inode]}"
                expect <<<'.protocol == "generic"'
        fi
}

@test "netlink: sockets of the kernel are told from those of processes" {
        json list netlink
        expect_all <<END
[.objects[] | select(.name == "route/0")] | length >= 1 and all(.[]; .state == ["kernel"] and .holders == [])
all(.objects[]; .protocol != "sock_diag" or .port == 0)
END
}

@test "netlink: the same sockets as in ss" {
        command -v ss >/dev/null || skip "ss (iproute2) is not installed"
        mk netlink protocol=0 port=77 group=1
        mk netlink protocol=16 port=78
        json list netlink
        # ss lists its own sockets, too, which are gone by now.
        for port in $(jq -r '.objects[] | .port' <<<"$JSON" | sort -un); do
                ss -f netlink -anH | grep -qE "[:/]$port +" || { echo "$port"; false; }
        done
        expect_all <<<'.objects | map(select(.port != 0) | .port) | sort == [77, 78]'
}

@test "packet: protocol, interface and owner" {
        mk_try family domain=17 type=raw protocol=768 || skip "no packet sockets here"
        inode=${A[inode]}
        listed packet ".inode == $inode"
        expect <<END
.ref == "packet:$inode" and .protocol == "all" and .socket_type == "raw" and .owner.uid == 0 and (has("interface") | not)
.holders | map(.pid) == [$MAKER_PID]
END
        mk family domain=17 type=dgram protocol=8
        one ".inode == ${A[inode]}" list packet
        expect <<<'.protocol == "ip" and .socket_type == "dgram"'
}
