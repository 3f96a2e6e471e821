/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of every family. */
#include "maker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct address {
        union {
                struct sockaddr any;
                struct sockaddr_un un;
                struct sockaddr_in v4;
                struct sockaddr_in6 v6;
        };
        socklen_t len;
};

static int answer(struct reply *reply, const char *fd_name, const char *inode_name, int fd)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return reply_failed(reply, "fstat");
        reply_number(reply, fd_name, fd);
        reply_number(reply, inode_name, (int64_t)st.st_ino);
        return 0;
}

static int type_of(const char *name)
{
        return strcmp(name, "dgram") == 0 ? SOCK_DGRAM : strcmp(name, "seqpacket") == 0 ? SOCK_SEQPACKET :
               strcmp(name, "raw") == 0 ? SOCK_RAW : SOCK_STREAM;
}

/* "00616263" as bytes; the number, or -1. */
static int from_hex(const char *hex, char *ret, size_t size)
{
        size_t n = 0;

        for (; hex[0] && hex[1]; hex += 2) {
                char pair[3] = { hex[0], hex[1], '\0' };

                if (n == size)
                        return -1;
                ret[n++] = (char)strtoul(pair, NULL, 16);
        }
        return hex[0] ? -1 : (int)n;
}

/* path=: a path, up to all 108 bytes of it; hex=: the bytes of an abstract name with its NUL; auto=1: the kernel's choice. */
static bool unix_address(struct args *args, struct address *ret)
{
        const char *path = args_text(args, "path", "");
        size_t len = strlen(path);

        *ret = (struct address){ .un.sun_family = AF_UNIX, .len = sizeof(sa_family_t) };
        if (args_flag(args, "auto"))
                return true;
        if (args_has(args, "hex")) {
                int n = from_hex(args_text(args, "hex", ""), ret->un.sun_path, sizeof(ret->un.sun_path));

                ret->len += (socklen_t)(n < 0 ? 0 : n);
                return n > 0;
        }
        if (len == 0 || len > sizeof(ret->un.sun_path))
                return false;
        memcpy(ret->un.sun_path, path, len);
        ret->len += (socklen_t)(len < sizeof(ret->un.sun_path) ? len + 1 : len);
        return true;
}

/* v6=1: IPv6; mapped=1: IPv4 by way of an IPv6 socket; any=1: the address of all interfaces. */
static void inet_address(struct args *args, int64_t port, struct address *ret)
{
        bool any = args_flag(args, "any");

        if (args_flag(args, "v6") || args_flag(args, "mapped")) {
                *ret = (struct address){ .v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) },
                                         .len = sizeof(struct sockaddr_in6) };
                ret->v6.sin6_addr = any ? in6addr_any : in6addr_loopback;
                if (args_flag(args, "mapped"))
                        inet_pton(AF_INET6, "::ffff:127.0.0.1", &ret->v6.sin6_addr);
        } else {
                *ret = (struct address){ .v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) },
                                         .len = sizeof(struct sockaddr_in) };
                ret->v4.sin_addr.s_addr = htonl(any ? INADDR_ANY : INADDR_LOOPBACK);
        }
}

static int open_socket(struct args *args, const struct address *address, int type)
{
        int flags = SOCK_CLOEXEC | (args_flag(args, "nonblock") ? SOCK_NONBLOCK : 0);

        return socket(address->any.sa_family, type | flags, 0);
}

static int bind_socket(struct args *args, struct reply *reply, int fd, const struct address *address)
{
        const char *dir = args_text(args, "dir", NULL);

        if (dir && chdir(dir) < 0)
                return reply_failed(reply, "chdir");
        int r = bind(fd, &address->any, address->len);
        if (r < 0)
                return reply_failed(reply, "bind");
        if (dir && chdir("/") < 0)
                return reply_failed(reply, "chdir");
        if (args_has(args, "listen") && listen(fd, (int)args_number(args, "listen", 1, 0, 65535)) < 0)
                return reply_failed(reply, "listen");
        return 0;
}

static int reply_port(struct reply *reply, int fd)
{
        struct address own = { .len = sizeof(struct sockaddr_in6) };

        if (getsockname(fd, &own.any, &own.len) < 0)
                return reply_failed(reply, "getsockname");
        reply_number(reply, "port", ntohs(own.any.sa_family == AF_INET6 ? own.v6.sin6_port : own.v4.sin_port));
        return 0;
}

static int run_sock(struct maker *maker, struct args *args, struct reply *reply)
{
        struct address address;

        (void)maker;
        if (!unix_address(args, &address))
                return -EINVAL;
        int fd = open_socket(args, &address, type_of(args_text(args, "type", "stream")));
        if (fd < 0)
                return reply_failed(reply, "socket");
        int r = args_flag(args, "unbound") ? 0 : bind_socket(args, reply, fd, &address);
        return r < 0 ? r : answer(reply, "fd", "inode", fd);
}

static int run_inet(struct maker *maker, struct args *args, struct reply *reply)
{
        int type = type_of(args_text(args, "type", "stream")), on = 1;
        struct address address;

        (void)maker;
        inet_address(args, args_number(args, "port", 0, 0, 65535), &address);
        int fd = open_socket(args, &address, type);
        if (fd < 0)
                return reply_failed(reply, "socket");
        if (args_flag(args, "unbound"))
                return answer(reply, "fd", "inode", fd);
        if (args_flag(args, "reuse") && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0)
                return reply_failed(reply, "setsockopt");
        int r = bind_socket(args, reply, fd, &address);
        if (r >= 0)
                r = reply_port(reply, fd);
        return r < 0 ? r : answer(reply, "fd", "inode", fd);
}

/* Of any family; block=1 answers before, for a call that stays in there. */
static int connect_to(struct args *args, struct reply *reply, int fd, const struct address *address)
{
        if (args_flag(args, "block")) {
                maker_answer(reply, 0);
                connect(fd, &address->any, address->len);
                return 1;
        }
        if (connect(fd, &address->any, address->len) < 0 && errno != EINPROGRESS)
                return reply_failed(reply, "connect");
        return answer(reply, "fd", "inode", fd);
}

static int run_connect(struct maker *maker, struct args *args, struct reply *reply)
{
        bool inet = args_has(args, "port");
        struct address address;
        int fd;

        (void)maker;
        if (inet)
                inet_address(args, args_number(args, "port", 0, 1, 65535), &address);
        else if (!unix_address(args, &address))
                return -EINVAL;
        fd = args_has(args, "fd") ? (int)args_number(args, "fd", -1, 3, INT_MAX)
                                  : open_socket(args, &address, type_of(args_text(args, "type", "stream")));
        if (fd < 0)
                return reply_failed(reply, "socket");
        int r = connect_to(args, reply, fd, &address);
        return r == 0 && inet ? reply_port(reply, fd) : r;
}

static int run_accept(struct maker *maker, struct args *args, struct reply *reply)
{
        (void)maker;
        int fd = accept4((int)args_number(args, "fd", -1, 3, INT_MAX), NULL, NULL, SOCK_CLOEXEC);

        return fd < 0 ? reply_failed(reply, "accept") : answer(reply, "fd", "inode", fd);
}

static int run_sockpair(struct maker *maker, struct args *args, struct reply *reply)
{
        int pair[2];

        (void)maker;
        if (socketpair(AF_UNIX, type_of(args_text(args, "type", "stream")) | SOCK_CLOEXEC, 0, pair) < 0)
                return reply_failed(reply, "socketpair");
        int r = answer(reply, "fd", "inode", pair[0]);
        return r < 0 ? r : answer(reply, "fd2", "inode2", pair[1]);
}

static int run_shutdown(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *how = args_text(args, "how", "w");
        int fd = (int)args_number(args, "fd", -1, 3, INT_MAX);

        (void)maker;
        if (shutdown(fd, strcmp(how, "r") == 0 ? SHUT_RD : strcmp(how, "w") == 0 ? SHUT_WR : SHUT_RDWR) < 0)
                return reply_failed(reply, "shutdown");
        return 0;
}

/* pass=FD: a descriptor goes with it. */
static int run_send(struct maker *maker, struct args *args, struct reply *reply)
{
        size_t bytes = (size_t)args_number(args, "bytes", 1, 0, 65536);
        int pass = (int)args_number(args, "pass", -1, 0, INT_MAX);
        static char data[65536];
        struct iovec vector = { data, bytes };
        char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = { 0 };
        struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
        struct cmsghdr *header;

        (void)maker;
        if (pass >= 0) {
                message.msg_control = control;
                message.msg_controllen = sizeof(control);
                header = CMSG_FIRSTHDR(&message);
                header->cmsg_level = SOL_SOCKET;
                header->cmsg_type = SCM_RIGHTS;
                header->cmsg_len = CMSG_LEN(sizeof(int));
                memcpy(CMSG_DATA(header), &pass, sizeof(pass));
        }
        if (sendmsg((int)args_number(args, "fd", -1, 3, INT_MAX), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
                return reply_failed(reply, "sendmsg");
        return 0;
}

static int run_netlink(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t group = args_number(args, "group", 0, 0, 1024), second = args_number(args, "group2", 0, 0, 1024);
        struct sockaddr_nl address = { .nl_family = AF_NETLINK };
        socklen_t len = sizeof(address);

        (void)maker;
        int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, (int)args_number(args, "protocol", 0, 0, 31));
        if (fd < 0)
                return reply_failed(reply, "socket");
        if (!args_flag(args, "unbound")) {
                address.nl_pid = (uint32_t)args_number(args, "port", 0, 0, UINT32_MAX);
                if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
                        return reply_failed(reply, "bind");
        }
        if (group && setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &(int){ (int)group }, sizeof(int)) < 0)
                return reply_failed(reply, "setsockopt");
        if (second && setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &(int){ (int)second }, sizeof(int)) < 0)
                return reply_failed(reply, "setsockopt");
        if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
                return reply_failed(reply, "getsockname");
        reply_number(reply, "port", address.nl_pid);
        return answer(reply, "fd", "inode", fd);
}

/* Any other family, by its number. */
static int run_family(struct maker *maker, struct args *args, struct reply *reply)
{
        int type = type_of(args_text(args, "type", "raw"));
        int fd = socket((int)args_number(args, "domain", 0, 0, 64), type | SOCK_CLOEXEC,
                        (int)args_number(args, "protocol", 0, 0, 65535));

        (void)maker;
        return fd < 0 ? reply_failed(reply, "socket") : answer(reply, "fd", "inode", fd);
}

static int run_loopback(struct maker *maker, struct args *args, struct reply *reply)
{
        struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        (void)maker;
        (void)args;
        if (fd < 0)
                return reply_failed(reply, "socket");
        int r = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? reply_failed(reply, "SIOCSIFFLAGS") : 0;
        close(fd);
        return r;
}

const struct command socket_commands[] = {
        { "sock",      "type path hex auto dir listen unbound nonblock", run_sock },
        { "inet",      "type port v6 mapped any listen reuse unbound nonblock", run_inet },
        { "connect",   "type path hex port v6 mapped fd nonblock block", run_connect },
        { "accept",    "fd",                            run_accept },
        { "sockpair",  "type",                          run_sockpair },
        { "shutdown",  "fd how",                        run_shutdown },
        { "send",      "fd bytes pass",                 run_send },
        { "netlink",   "protocol port group group2 unbound", run_netlink },
        { "family",    "domain type protocol",          run_family },
        { "loopback",  "",                              run_loopback },
        { 0 },
};
