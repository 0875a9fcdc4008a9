#define _GNU_SOURCE
#include "clinux.h"

#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
// After <netinet/in.h>: TCP_MD5SIG and its structure.
#include <netinet/tcp.h>

#ifndef IPV6_MINHOPCOUNT
#define IPV6_MINHOPCOUNT 73
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static int result(int value) { return value < 0 ? -errno : value; }

static struct in6_addr to_in6(const struct cl_endpoint *from) {
    uint64_t words[2] = {htobe64(from->high), htobe64(from->low)};
    struct in6_addr address;
    memcpy(&address, words, sizeof address);
    return address;
}

static void from_in6(struct cl_endpoint *to, const struct in6_addr *from) {
    uint64_t words[2];
    memcpy(words, from, sizeof words);
    to->high = be64toh(words[0]);
    to->low = be64toh(words[1]);
}

static int is_mapped(const struct cl_endpoint *from) { return from->high == 0 && from->low >> 32 == 0xffff; }

static socklen_t to_socket_address(union address *to, const struct cl_endpoint *from, int is_ipv6) {
    memset(to, 0, sizeof *to);
    if (is_ipv6) {
        to->v6.sin6_family = AF_INET6;
        to->v6.sin6_port = htons(from->port);
        to->v6.sin6_addr = to_in6(from);
        to->v6.sin6_scope_id = from->scope;
        return sizeof to->v6;
    }
    to->v4.sin_family = AF_INET;
    to->v4.sin_port = htons(from->port);
    to->v4.sin_addr.s_addr = htonl((uint32_t)from->low);
    return sizeof to->v4;
}

static void from_socket_address(struct cl_endpoint *to, const union address *from) {
    memset(to, 0, sizeof *to);
    if (from->any.sa_family == AF_INET6) {
        from_in6(to, &from->v6.sin6_addr);
        to->scope = from->v6.sin6_scope_id;
        to->port = ntohs(from->v6.sin6_port);
    } else if (from->any.sa_family == AF_INET) {
        to->low = UINT64_C(0xffff00000000) | ntohl(from->v4.sin_addr.s_addr);
        to->port = ntohs(from->v4.sin_port);
    }
}

// --- TCP -------------------------------------------------------------------------------------------------------------------------

int cl_socket_tcp(int is_ipv6) {
    int fd = socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && is_ipv6) {
        int on = 1;
        if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0) {
            int error = errno;
            close(fd);
            return -error;
        }
    }
    return result(fd);
}

int cl_bind(int fd, const struct cl_endpoint *local, int is_ipv6) {
    union address address;
    socklen_t length = to_socket_address(&address, local, is_ipv6);
    return result(bind(fd, &address.any, length));
}

int cl_connect(int fd, const struct cl_endpoint *remote) {
    union address address;
    socklen_t length = to_socket_address(&address, remote, !is_mapped(remote));
    return result(connect(fd, &address.any, length));
}

int cl_accept(int fd, struct cl_endpoint *remote) {
    union address address = {0};
    socklen_t length = sizeof address;
    int accepted = accept4(fd, &address.any, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) return -errno;
    from_socket_address(remote, &address);
    return accepted;
}

int cl_local_name(int fd, struct cl_endpoint *local) {
    union address address = {0};
    socklen_t length = sizeof address;
    if (getsockname(fd, &address.any, &length) < 0) return -errno;
    from_socket_address(local, &address);
    return 0;
}

int cl_remote_name(int fd, struct cl_endpoint *remote) {
    union address address = {0};
    socklen_t length = sizeof address;
    if (getpeername(fd, &address.any, &length) < 0) return -errno;
    from_socket_address(remote, &address);
    return 0;
}

int cl_option(int fd, int level, int name, int value) { return result(setsockopt(fd, level, name, &value, sizeof value)); }

int cl_option_get(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    if (getsockopt(fd, level, name, &value, &length) < 0) return -errno;
    return value;
}

int cl_bind_to_device(int fd, const char *name) {
    return result(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name)));
}

int cl_take_error(int fd) {
    int value = 0;
    socklen_t length = sizeof value;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &length) < 0) return errno;
    return value;
}

int cl_set_hop_limit(int fd, int is_ipv6, int value) {
    return is_ipv6 ? cl_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, value) : cl_option(fd, IPPROTO_IP, IP_TTL, value);
}

int cl_set_minimum_hop_limit(int fd, int is_ipv6, int value) {
    return is_ipv6 ? cl_option(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, value) : cl_option(fd, IPPROTO_IP, IP_MINTTL, value);
}

int cl_set_free_bind(int fd, int is_ipv6) {
    return is_ipv6 ? cl_option(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1) : cl_option(fd, IPPROTO_IP, IP_FREEBIND, 1);
}

int cl_set_traffic_class(int fd, int is_ipv6, int value) {
    return is_ipv6 ? cl_option(fd, IPPROTO_IPV6, IPV6_TCLASS, value) : cl_option(fd, IPPROTO_IP, IP_TOS, value);
}

int cl_tcp_md5(int fd, const struct cl_endpoint *remote, int is_ipv6, int prefix_length, const void *key, size_t length) {
    struct tcp_md5sig request;
    memset(&request, 0, sizeof request);
    if (length > sizeof request.tcpm_key) return -EINVAL;
    union address address;
    socklen_t size = to_socket_address(&address, remote, is_ipv6);
    memcpy(&request.tcpm_addr, &address, size);
    request.tcpm_keylen = (uint16_t)length;
    memcpy(request.tcpm_key, key, length);
    if (prefix_length < 0) return result(setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &request, sizeof request));
    request.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
    request.tcpm_prefixlen = (uint8_t)prefix_length;
    return result(setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &request, sizeof request));
}

// --- raw IPv6 --------------------------------------------------------------------------------------------------------------------

int cl_raw6_open(int protocol, int checksum_offset) {
    int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (fd < 0) return -errno;
    int on = 1, off = 0;
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &checksum_offset, sizeof checksum_offset) < 0
        || setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0
        || setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on) < 0
        || setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof off) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int cl_raw6_membership(int fd, const struct cl_endpoint *group, uint32_t interface, int join) {
    struct ipv6_mreq request = {.ipv6mr_multiaddr = to_in6(group), .ipv6mr_interface = interface};
    int name = join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP;
    return result(setsockopt(fd, IPPROTO_IPV6, name, &request, sizeof request));
}

// --- datagrams -------------------------------------------------------------------------------------------------------------------

int cl_udp_open(int is_ipv6) {
    int fd = socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    int on = 1;
    int failed = is_ipv6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0
                               || setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0
                               || setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on) < 0
                         : setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0
                               || setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof on) < 0;
    if (failed) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/// What an item of ancillary data says about the packet.
static void take_item(struct cl_datagram *info, const struct cmsghdr *item) {
    size_t length = item->cmsg_len - CMSG_LEN(0);
    if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO && length >= sizeof(struct in6_pktinfo)) {
        struct in6_pktinfo packet;
        memcpy(&packet, CMSG_DATA(item), sizeof packet);
        from_in6(&info->destination, &packet.ipi6_addr);
        info->interface = packet.ipi6_ifindex;
    } else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO && length >= sizeof(struct in_pktinfo)) {
        struct in_pktinfo packet;
        memcpy(&packet, CMSG_DATA(item), sizeof packet);
        info->destination.low = UINT64_C(0xffff00000000) | ntohl(packet.ipi_addr.s_addr);
        info->interface = (uint32_t)packet.ipi_ifindex;
    } else if (((item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_HOPLIMIT)
                || (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TTL))
               && length >= sizeof(int)) {
        int value;
        memcpy(&value, CMSG_DATA(item), sizeof value);
        info->hop_limit = value;
    }
}

ssize_t cl_datagram_receive(int fd, void *buffer, size_t capacity, struct cl_datagram *info) {
    memset(info, 0, sizeof *info);
    info->hop_limit = -1;
    union address source = {0};
    union {
        struct cmsghdr alignment;
        char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)) + 64];
    } control;
    struct iovec part = {buffer, capacity};
    struct msghdr message = {.msg_name = &source, .msg_namelen = sizeof source, .msg_iov = &part, .msg_iovlen = 1,
                             .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t count;
    do count = recvmsg(fd, &message, MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    from_socket_address(&info->source, &source);
    info->truncated = (message.msg_flags & MSG_TRUNC) != 0;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item)) take_item(info, item);
    return count;
}

static void append_item(struct msghdr *message, int level, int type, const void *value, size_t size) {
    struct cmsghdr *item = (struct cmsghdr *)((char *)message->msg_control + message->msg_controllen);
    item->cmsg_level = level;
    item->cmsg_type = type;
    item->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(item), value, size);
    message->msg_controllen += CMSG_SPACE(size);
}

ssize_t cl_datagram_send(int fd, const void *bytes, size_t count, const struct cl_datagram *info) {
    int is_ipv6 = !is_mapped(&info->destination);
    union address destination;
    socklen_t length = to_socket_address(&destination, &info->destination, is_ipv6);
    if (is_ipv6) {
        // A scope is allowed for link-local addresses only; for all others the interface in the packet info decides.
        int is_link = IN6_IS_ADDR_LINKLOCAL(&destination.v6.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&destination.v6.sin6_addr);
        destination.v6.sin6_scope_id = is_link ? info->interface : 0;
    }
    union {
        struct cmsghdr alignment;
        char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {(void *)bytes, count};
    struct msghdr message = {.msg_name = &destination, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control};
    if (is_ipv6) {
        struct in6_pktinfo packet = {.ipi6_addr = to_in6(&info->source), .ipi6_ifindex = info->interface};
        append_item(&message, IPPROTO_IPV6, IPV6_PKTINFO, &packet, sizeof packet);
    } else {
        struct in_pktinfo packet = {.ipi_ifindex = (int)info->interface, .ipi_spec_dst.s_addr = htonl((uint32_t)info->source.low)};
        append_item(&message, IPPROTO_IP, IP_PKTINFO, &packet, sizeof packet);
    }
    if (info->hop_limit >= 0) {
        int value = info->hop_limit;
        append_item(&message, is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, is_ipv6 ? IPV6_HOPLIMIT : IP_TTL, &value, sizeof value);
    }
    ssize_t sent;
    do sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

// --- Unix sockets ----------------------------------------------------------------------------------------------------------------

static int unix_address(struct sockaddr_un *to, const char *path) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof to->sun_path) return -ENAMETOOLONG;
    strcpy(to->sun_path, path);
    return 0;
}

int cl_unix_listen(const char *path, int backlog) {
    struct sockaddr_un address;
    int status = unix_address(&address, path);
    if (status < 0) return status;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, backlog) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int cl_unix_connect(const char *path, int is_datagram) {
    struct sockaddr_un address;
    int status = unix_address(&address, path);
    if (status < 0) return status;
    int fd = socket(AF_UNIX, (is_datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int cl_unix_accept(int fd) { return result(accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)); }
