# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of ipcview(1) for bash. The words are compared with the program's by
# tests/check-manual.sh; fields and references are asked for when they are needed.

# Sets COMPREPLY to those of the words that begin with $cur, and behind the blank-free part $head.
_ipcview_offer()
{
        # References hold nothing that a shell would change, and the other words are ours.
        mapfile -t COMPREPLY < <(compgen -P "$head" -W "${*//[ $'\t']/$'\n'}" -- "$cur")
        [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[:=] ]] || _ipcview_option nospace
}

# A word that is to be continued gets no blank behind it.
_ipcview_option()
{
        compopt -o "$1" 2>/dev/null
        return 0                        # it fails where nobody completes: in tests
}

_ipcview_fields()
{
        local field rest
        "$1" columns --no-headings 2>/dev/null | while read -r field rest; do
                echo "$field"
        done
}

_ipcview_limits()
{
        "$1" limits --quiet --no-headings --no-holders --output=limit 2>/dev/null
}

_ipcview_rules()
{
        local rule rest
        "$1" check --rules --no-headings 2>/dev/null | while read -r rule rest; do
                echo "$rule"
        done
}

# References of the kind that $cur begins with.
_ipcview_references()
{
        local kind=${cur%%:*} processes
        if [[ $kind == pid ]]; then
                processes=(/proc/[0-9]*)
                printf 'pid:%s\n' "${processes[@]#/proc/}"
        else
                "$1" list --quiet --no-headings --output=ref "$kind" 2>/dev/null
        fi
}

# _ipcview_value PROGRAM OPTION: what may stand behind the option. False if it takes no argument.
_ipcview_value()
{
        case $2 in
        -o|--output)
                if [[ ${command-} == metrics ]]; then
                        mapfile -t COMPREPLY < <(compgen -P "$head" -f -- "$cur")
                        _ipcview_option filenames
                        return
                fi
                [[ $cur != *,* && $cur != +* ]] || { head+=${cur%"${cur##*[,+]}"}; cur=${cur##*[,+]}; }
                _ipcview_offer all "$(_ipcview_fields "$1")"
                _ipcview_option nospace ;;
        --sort) _ipcview_offer "$(_ipcview_fields "$1")" ;;
        --time) _ipcview_offer 'short iso rel epoch' ;;
        --color) _ipcview_offer 'auto always never' ;;
        --sysroot) mapfile -t COMPREPLY < <(compgen -P "$head" -d -- "$cur")
                _ipcview_option filenames ;;
        --from) mapfile -t COMPREPLY < <(compgen -P "$head" -f -- "$cur")
                _ipcview_option filenames ;;
        --fail-at|--level) _ipcview_offer "$(_ipcview_limits "$1" | sed 's/$/=/')" ;;
        --fail-on) _ipcview_offer 'notice warning critical' ;;
        --only|--ignore)
                [[ $cur != *,* ]] || { head+=${cur%"${cur##*,}"}; cur=${cur##*,}; }
                _ipcview_offer "$(_ipcview_rules "$1")"
                _ipcview_option nospace ;;
        --filter|-i) ;;
        *) _ipcview_own_value "$2" ;;
        esac
}

# The same for the options of single commands.
_ipcview_own_value()
{
        case $command$1 in
        create-[MSp]|journal-n|journal--lines) ;;
        rm--where|save--where|rm-[mMqQsS]|rm--posix-*|rm--*-id|rm--*-key) ;;
        browse-f|browse--file|browse--script) mapfile -t COMPREPLY < <(compgen -P "$head" -f -- "$cur")
                _ipcview_option filenames ;;
        browse--size|browse--interval) ;;
        rm--all) [[ $head ]] && _ipcview_offer 'shm sem msg mq pshm psem' ;;
        rm--save) [[ $head ]] && mapfile -t COMPREPLY < <(compgen -P "$head" -d -- "$cur")
                _ipcview_option filenames
                [[ $head ]] ;;
        *) return 1 ;;
        esac
}

_ipcview()
{
        local commands='browse list show limits check metrics rm save restore create set journal columns schema info help'
        local kinds='shm sem msg mq pshm psem devshm pipe fifo unix inet netlink packet vsock eventfd epoll inotify
                fanotify signalfd timerfd memfd pidfd pty iouring lock file anon socket'
        local options='-o --output= --filter= --sort= --no-holders --json --ndjson --no-headings --bytes --time=
                --color= --sysroot= --from= -q --quiet -h --help --version'
        local list_options='-m -q -s -a -t -p -c -u -l -i'
        local limits_options='--fail-at= --all'
        local check_options='--fail-on= --only= --ignore= --level= --rules'
        local metrics_options='-o --output= --all'
        local rm_options='-n --dry-run -y --yes --force --protected --where= --save --drain -0 --null -m --shmem-id=
                -M --shmem-key= -q --queue-id= -Q --queue-key= -s --semaphore-id= -S --semaphore-key=
                --posix-shmem= --posix-mqueue= --posix-semaphore= -a --all -v --verbose'
        local save_options='--where= -0 --null --drain'
        local restore_options='--same-id --check -n --dry-run --partial'
        local create_options='-M -Q -S -p'
        local set_options='-n --dry-run'
        local journal_options='--lines= -n'
        local browse_options='-f --file= --readonly --interval= --no-mouse --script= --size= --dump'
        local views='overview shm sem msg posix pipe unix event other processes limits findings log objects help'
        local given='mode= owner= group= max_bytes= value= locked='
        local line=${COMP_LINE:0:COMP_POINT} words word cur head='' previous='' command='' breaks='' i

        COMPREPLY=()
        read -ra words <<<"$line"
        [[ $line != *[[:blank:]] ]] || words+=('')
        cur=${words[-1]}
        for ((i = 1; i < ${#words[@]} - 1; i++)); do
                word=${words[i]}
                case $previous in
                -o|--output|--filter|--sort|--time|--color|--sysroot|--from|--fail-at|--fail-on|--only|--ignore|--level|-i) previous='' && continue ;;
                esac
                previous=$word
                [[ $word == -* || $command ]] || command=$word
        done

        # Readline replaces what stands behind the last of its own breaks in the word, whatever we call a word.
        [[ ${COMP_WORDBREAKS-} != *:* ]] || breaks+=':'
        [[ ${COMP_WORDBREAKS-} != *=* ]] || breaks+='='
        word=$cur
        if [[ $cur == --*=* ]]; then
                head=${cur%%=*}=
                cur=${cur#*=}
                _ipcview_value "$1" "${head%=}"
        elif _ipcview_value "$1" "$previous"; then
                :
        elif [[ $cur == -* ]]; then
                case $command in
                list|ls) options+=" $list_options" ;;
                limits) options+=" $limits_options" ;;
                metrics) options+=" ${metrics_options#-o --output= }" ;;
                check) options+=" $check_options" ;;
                rm) options+=" $rm_options" ;;
                save) options+=" $save_options" ;;
                restore) options+=" $restore_options" ;;
                create) options+=" $create_options" ;;
                set) options+=" $set_options" ;;
                journal) options+=" $journal_options" ;;
                browse) options+=" $browse_options" ;;
                esac
                _ipcview_offer "$options"
        else
                case $command in
                '') _ipcview_offer "$commands" ;;
                help) _ipcview_offer "$commands" ;;
                limits) _ipcview_offer "explain $(_ipcview_limits "$1")" ;;
                create) _ipcview_offer 'shm sem msg mq: pshm: psem: fifo:' "$given" 'key= size_bytes= semaphore_count=
                        max_messages= max_message_bytes= hugetlb= noreserve=' ;;
                restore) mapfile -t COMPREPLY < <(compgen -d -- "$cur")
                        _ipcview_option filenames ;;
                save)
                        if [[ $cur == *:* ]]; then
                                _ipcview_offer "$(_ipcview_references "$1")"
                        else
                                # A kind, one of its objects, or the directory at the end.
                                _ipcview_offer 'shm sem msg mq pshm psem fifo'
                                mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -S / -- "$cur")
                                _ipcview_option nospace
                        fi ;;
                browse)
                        if [[ $cur == *:* ]]; then
                                _ipcview_offer "$(_ipcview_references "$1")"
                        else
                                read -r -d '' -a words <<<"$views $kinds"
                                _ipcview_offer "$(printf '%s\n' "${words[@]}" | sort -u)"
                        fi ;;
                list|ls|show|check|rm|set)
                        if [[ $cur == *:* ]]; then
                                _ipcview_offer "$(_ipcview_references "$1")"
                        elif [[ $command == show ]]; then
                                read -r -d '' -a words <<<"$kinds fd pid"
                                _ipcview_offer "${words[@]/%/:}"
                        elif [[ $command == rm ]]; then
                                read -r -d '' -a words <<<"$kinds"
                                _ipcview_offer "${words[@]/%/:}"
                        elif [[ $command == set ]]; then
                                _ipcview_offer 'shm: sem: msg: mq: pshm: psem: fifo:' "$given"
                        else
                                _ipcview_offer "$kinds"
                        fi ;;
                esac
        fi
        [[ -z $breaks || $word != *["$breaks"]* ]] ||
                COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*["$breaks"]}"}"}")
}

complete -F _ipcview ipcview
