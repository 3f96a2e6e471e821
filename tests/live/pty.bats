#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Terminals: the pair of a master and its slave.
load live

setup()
{
        live_setup
        [ -e /dev/pts/ptmx ] && [ -e /dev/ptmx ] || skip "there are no pseudoterminals here"
}
teardown() { live_teardown; }

@test "pty: both sides, the session and its foreground" {
        mk child comm=terminal
        child=${A[child]} pid=${A[pid]}
        mk "@$child" pty slave=1 session=1
        number=${A[number]} master=${A[master]} slave=${A[slave]} dev=${A[dev]} mode=${A[mode]}
        listed pty ".id == $number"
        expect <<END
.ref == "pty:$number"
.path == "/dev/pts/$number" and .dev == "$dev" and .mode == "$mode" and .owner.uid == 0
.session_pid == $pid and .foreground_pid == $pid
.state == []
[.holders[] | [.pid, .fd, .side]] | sort == ([[$pid, $master, "master"], [$pid, $slave, "slave"]] | sort)
END
}

@test "pty: nobody has the slave" {
        mk pty
        one ".id == ${A[number]}" list pty
        expect <<<".state == [\"no-slave\"] and (.holders | map([.pid, .side]) == [[$MAKER_PID, \"master\"]]) and .session_pid == null"
}

@test "pty: the sides in two processes" {
        mk pty slave=1 inherit=1
        number=${A[number]} slave=${A[slave]}
        mk child comm=shell
        pid=${A[pid]}
        mk close fd="$slave"
        one ".id == $number" list pty
        expect <<END
.state == []
[.holders[] | [.pid, .side]] | sort == ([[$MAKER_PID, "master"], [$pid, "slave"]] | sort)
END
}

@test "pty: a slave that was hung up is the end of nothing" {
        mk pty slave=1
        number=${A[number]}
        one ".id == $number" list pty
        expect <<<'.holders | length == 2'
        mk close fd="${A[master]}"
        json list pty
        expect_all <<<".objects | map(select(.id == $number)) == []"
}

@test "pty: several devpts, each with a number 0" {
        mkdir "$BATS_TEST_TMPDIR/dev" "$BATS_TEST_TMPDIR/dev/pts"
        mount -n -t devpts -o newinstance,ptmxmode=666 none "$BATS_TEST_TMPDIR/dev/pts" || skip "no devpts of our own"
        mk pty slave=1
        outer=${A[number]} home=${A[dev]}
        mk pty ptmx="$BATS_TEST_TMPDIR/dev/pts/ptmx" directory="$BATS_TEST_TMPDIR/dev/pts" slave=1
        other=${A[dev]} number=${A[number]} master=${A[master]}
        [ "$home" != "$other" ]
        json list pty
        expect_all <<END
[.objects[] | select(.dev == "$home" and .id == $outer) | .foreign] == [null]
[.objects[] | select(.dev == "$other") | .id, .foreign, (.holders | map(.side) | sort)] == [$number, true, ["master", "slave"]]
[.objects[] | select(.dev == "$other") | .holders[] | select(.side == "master") | .fd] == [$master]
END
        # A node outside of devpts leads to the one in the directory pts beside it.
        if mknod "$BATS_TEST_TMPDIR/dev/ptmx" c 5 2 2>/dev/null &&
           mk_try pty ptmx="$BATS_TEST_TMPDIR/dev/ptmx" directory="$BATS_TEST_TMPDIR/dev/pts" slave=1; then
                number=${A[number]}
                json list pty
                expect_all <<<"[.objects[] | select(.dev == \"$other\" and .id == $number) | .holders | map(.side) | sort] == [[\"master\", \"slave\"]]"
        fi
        maker_stop
        umount -n -l "$BATS_TEST_TMPDIR/dev/pts"
        maker_start
}

@test "pty: an ordinary user" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk pty slave=1 inherit=1
        number=${A[number]}
        mk child uid=$NOBODY
        pid=${A[pid]}
        as_nobody one ".id == $number" list pty
        # Who has the master may not be seen: that is no reason to say that nobody has.
        expect <<<".state == [] and (.holders | map([.pid, .side]) == [[$pid, \"slave\"]])"
}
