/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sockdiag.h"

#include "base/buf.h"
#include "base/memory.h"
#include "sys/sockdiag-parse.h"
#include "sys/sockdiag-relay.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>

enum {
        REQUEST_MOST = 256,
        TRIES = 4,                      /* of a dump that is torn */
        PATIENCE = 10,                  /* seconds: the kernel always answers */
};

struct sockdiag {
        struct mnl_socket *socket;
        uint32_t sequence;
        bool alone;
};

/* A netlink socket belongs for good to the network namespace that it was made in. */
struct visit {
        int ns;
        struct mnl_socket *socket;
        int err;
};

static void *visit(void *data)
{
        struct visit *visit = data;

        if (visit->ns >= 0 && setns(visit->ns, CLONE_NEWNET) < 0) {
                visit->err = -errno;
                return NULL;
        }
        visit->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
        if (!visit->socket)
                visit->err = -errno;
        return NULL;
}

static int open_socket(int ns, struct mnl_socket **ret)
{
        struct visit call = { .ns = ns };
        pthread_t thread;
        int err = 0;

        if (ns < 0) {
                visit(&call);
        } else {
                err = pthread_create(&thread, NULL, visit, &call);
                if (err == 0)
                        err = pthread_join(thread, NULL);
        }
        if (err || call.err)
                return err ? -err : call.err;
        *ret = call.socket;
        return 0;
}

int sockdiag_open(const struct host *host, int ns, struct sockdiag **ret)
{
        struct timeval patience = { .tv_sec = PATIENCE };
        struct sockdiag *diag;
        struct mnl_socket *socket = NULL;
        int r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        r = open_socket(ns, &socket);
        if (r < 0)
                return r;
        if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
            setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0) {
                r = -errno;
                mnl_socket_close(socket);
                return r;
        }
        diag = memory_new(sizeof(*diag));
        diag->socket = socket;
        *ret = diag;
        return 0;
}

void sockdiag_work_alone(struct sockdiag *diag)
{
        diag->alone = true;
}

void sockdiag_close(struct sockdiag *diag)
{
        if (!diag)
                return;
        mnl_socket_close(diag->socket);
        free(diag);
}

static int take_answers(struct sockdiag *diag, struct sockdiag_dump *dump)
{
        struct relay *relay = relay_open(mnl_socket_get_fd(diag->socket), dump->port, dump->sequence, diag->alone);
        const char *answer;
        ssize_t n;
        int r;

        do {
                n = relay_next(relay, &answer);
                if (n < 0)
                        r = n == -ENOBUFS ? -EINTR : (int)n;
                else
                        r = sockdiag_take(dump, answer, (size_t)n);
        } while (r > 0);
        relay_close(relay);
        return r;
}

static int ask_once(struct sockdiag *diag, struct nlmsghdr *request, struct sockdiag_dump *dump)
{
        request->nlmsg_seq = dump->sequence = ++diag->sequence;
        dump->port = mnl_socket_get_portid(diag->socket);
        dump->torn = false;
        if (mnl_socket_sendto(diag->socket, request, request->nlmsg_len) < 0)
                return -errno;
        return take_answers(diag, dump);
}

/* Asks for a dump until it comes whole, but not for ever. */
static int ask_as(struct sockdiag *diag, uint16_t type, const void *body, size_t size,
                  int (*message)(const struct nlmsghdr *message, void *data), void *data)
{
        struct sockdiag_dump dump = { .message = message, .data = data };
        char room[REQUEST_MOST] __attribute__((aligned(8))) = { 0 };
        struct nlmsghdr *request = mnl_nlmsg_put_header(room);
        int r = -EINTR;

        request->nlmsg_type = type;
        request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        memcpy(mnl_nlmsg_put_extra_header(request, size), body, size);
        for (unsigned i = 0; r == -EINTR && i < TRIES; i++)
                r = ask_once(diag, request, &dump);
        return r;
}

static int ask(struct sockdiag *diag, const void *body, size_t size,
               int (*message)(const struct nlmsghdr *message, void *data), void *data)
{
        return ask_as(diag, SOCK_DIAG_BY_FAMILY, body, size, message, data);
}

struct unix_call {
        void (*found)(const struct unix_facts *facts, void *data);
        void *data;
};

static int take_unix(const struct nlmsghdr *message, void *data)
{
        struct unix_call *call = data;
        struct unix_facts facts;
        int r = sockdiag_parse_unix(message, &facts);

        if (r == 0)
                call->found(&facts, call->data);
        return r;
}

int sockdiag_unix(struct sockdiag *diag, unsigned want,
                  void (*found)(const struct unix_facts *facts, void *data), void *data)
{
        struct unix_call call = { found, data };
        struct unix_diag_req request = {
                .sdiag_family = AF_UNIX, .udiag_states = UINT32_MAX,
                .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN |
                              (want & UNIX_WANT_UID ? UDIAG_SHOW_UID : 0) |
                              (want & UNIX_WANT_MEMORY ? UDIAG_SHOW_MEMINFO : 0),
        };

        return ask(diag, &request, sizeof(request), take_unix, &call);
}

int sockdiag_unix_pending(struct sockdiag *diag,
                          void (*found)(const struct unix_facts *facts, void *data), void *data)
{
        struct unix_call call = { found, data };
        struct unix_diag_req request = {
                .sdiag_family = AF_UNIX, .udiag_states = 1 << PHASE_LISTEN, .udiag_show = UDIAG_SHOW_ICONS,
        };

        return ask(diag, &request, sizeof(request), take_unix, &call);
}

struct inet_call {
        uint8_t protocol;
        void (*found)(const struct inet_facts *facts, void *data);
        void *data;
};

static int take_inet(const struct nlmsghdr *message, void *data)
{
        struct inet_call *call = data;
        struct inet_facts facts;
        int r = sockdiag_parse_inet(message, call->protocol, &facts);

        if (r == 0)
                call->found(&facts, call->data);
        return r;
}

/* The old question knows of TCP only, and of no family: inet_diag_dump_compat() in net/ipv4/inet_diag.c. */
static int ask_for_both(struct sockdiag *diag, bool want_memory, struct inet_call *call)
{
        struct inet_diag_req request = {
                .idiag_states = UINT32_MAX,
                .idiag_ext = want_memory ? 1 << (INET_DIAG_SKMEMINFO - 1) : 0,
        };

        if (call->protocol != IPPROTO_TCP)
                return -EOPNOTSUPP;
        return ask_as(diag, TCPDIAG_GETSOCK, &request, sizeof(request), take_inet, call);
}

int sockdiag_inet(struct sockdiag *diag, enum inet_family family, uint8_t protocol, bool want_memory,
                  void (*found)(const struct inet_facts *facts, void *data), void *data)
{
        struct inet_call call = { protocol, found, data };
        struct inet_diag_req_v2 request = {
                .sdiag_family = family == INET_IPV6 ? AF_INET6 : AF_INET, .sdiag_protocol = protocol,
                /* PHASE_BOUND (Linux 6.8) is among them; older kernels pass over the bit. */
                .idiag_states = UINT32_MAX,
                .idiag_ext = want_memory ? 1 << (INET_DIAG_SKMEMINFO - 1) : 0,
        };

        if (family == INET_BOTH)
                return ask_for_both(diag, want_memory, &call);
        return ask(diag, &request, sizeof(request), take_inet, &call);
}

struct netlink_call {
        void (*found)(const struct netlink_facts *facts, void *data);
        void *data;
};

static int take_netlink(const struct nlmsghdr *message, void *data)
{
        struct netlink_call *call = data;
        struct netlink_facts facts;
        int r = sockdiag_parse_netlink(message, &facts);

        if (r == 0)
                call->found(&facts, call->data);
        return r;
}

int sockdiag_netlink(struct sockdiag *diag, bool want_memory,
                     void (*found)(const struct netlink_facts *facts, void *data), void *data)
{
        struct netlink_call call = { found, data };
        struct netlink_diag_req request = {
                .sdiag_family = AF_NETLINK, .sdiag_protocol = NDIAG_PROTO_ALL,
                .ndiag_show = NDIAG_SHOW_GROUPS | (want_memory ? NDIAG_SHOW_MEMINFO : 0),
        };

        return ask(diag, &request, sizeof(request), take_netlink, &call);
}

struct packet_call {
        void (*found)(const struct packet_facts *facts, void *data);
        void *data;
};

static int take_packet(const struct nlmsghdr *message, void *data)
{
        struct packet_call *call = data;
        struct packet_facts facts;
        int r = sockdiag_parse_packet(message, &facts);

        if (r == 0)
                call->found(&facts, call->data);
        return r;
}

int sockdiag_packet(struct sockdiag *diag, bool want_memory,
                    void (*found)(const struct packet_facts *facts, void *data), void *data)
{
        struct packet_call call = { found, data };
        struct packet_diag_req request = {
                .sdiag_family = AF_PACKET,
                .pdiag_show = PACKET_SHOW_INFO | (want_memory ? PACKET_SHOW_MEMINFO : 0),
        };

        return ask(diag, &request, sizeof(request), take_packet, &call);
}

struct vsock_call {
        void (*found)(const struct vsock_facts *facts, void *data);
        void *data;
};

static int take_vsock(const struct nlmsghdr *message, void *data)
{
        struct vsock_call *call = data;
        struct vsock_facts facts;
        int r = sockdiag_parse_vsock(message, &facts);

        if (r == 0)
                call->found(&facts, call->data);
        return r;
}

int sockdiag_vsock(struct sockdiag *diag,
                   void (*found)(const struct vsock_facts *facts, void *data), void *data)
{
        struct vsock_call call = { found, data };
        struct vsock_diag_req request = { .sdiag_family = AF_VSOCK, .vdiag_states = UINT32_MAX };

        return ask(diag, &request, sizeof(request), take_vsock, &call);
}

uint64_t sockdiag_inode(const struct sockdiag *diag)
{
        struct stat st;

        return fstat(mnl_socket_get_fd(diag->socket), &st) < 0 ? 0 : st.st_ino;
}

int sockdiag_interface(struct sockdiag *diag, uint32_t index, struct buf *out)
{
        struct ifreq request = { .ifr_ifindex = (int)index };

        if (ioctl(mnl_socket_get_fd(diag->socket), SIOCGIFNAME, &request) < 0)
                return -errno;
        buf_add(out, (struct text){ request.ifr_name, strnlen(request.ifr_name, sizeof(request.ifr_name)) });
        return 0;
}
