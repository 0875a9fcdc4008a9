// What the daemon needs of Linux and Swift cannot import by itself: ancillary data, packed or union-laden structures, variadic
// functions, fork. Every function returns a value >= 0, or minus the errno. Nothing here keeps state.
#pragma once

// libc, as far as the Swift side calls it: there is no module for it where the language's run time is left out (Package.swift).
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <malloc.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static inline int cl_errno(void) { return errno; }
/// `open`, with the permissions of a new file.
int cl_open(const char *path, int flags, unsigned mode);
/// Lets reading and writing wait.
int cl_set_blocking(int fd);

// --- Descriptors and time --------------------------------------------------------------------------------------------------------

/// Looks which descriptors are ready, and waits for one: `timeout` nanoseconds, negative for ever.
int cl_poll(struct pollfd *descriptors, int count, int64_t timeout);
/// CLOCK_MONOTONIC in nanoseconds.
int64_t cl_monotonic(void);

// --- Dispatch --------------------------------------------------------------------------------------------------------------------

typedef void (*cl_work)(void *context);
/// A serial queue of libdispatch.
typedef struct dispatch_queue_s *cl_queue;

/// The queue of the thread that makes it: the main queue on the main thread, else one of its own. When the eventfd `handle` can be read
/// there is work. The handle is minus the errno if there is none.
cl_queue cl_loop_queue(int *handle);
/// Does all the work there is.
void cl_loop_queue_work(cl_queue queue, int handle);

/// A source of libdispatch. Its handlers are called on its queue.
typedef struct dispatch_source_s *cl_source;
enum cl_source_kind { CL_SOURCE_READ, CL_SOURCE_TIMER, CL_SOURCE_SIGNAL };

/// `number` is the descriptor or the signal. `cancelled` comes last, when the source has let go of it. Reading and writing begin with
/// `cl_source_resume`.
cl_source cl_source_make(enum cl_source_kind kind, int number, cl_queue queue, void *context, cl_work handler, cl_work cancelled);
/// Within the handler: how many times the signal came.
void cl_source_suspend(cl_source source);
void cl_source_resume(cl_source source);
/// Ends a source that is not suspended.
void cl_source_cancel(cl_source source);
/// Sets when a timer fires, once, in nanoseconds from now on.
void cl_timer_set(cl_source timer, int64_t delay);

/// A queue that has a thread while it has work.
cl_queue cl_work_queue(const char *label);
void cl_queue_add(cl_queue queue, void *context, cl_work work);
/// Waits until what was added before is done; false when that takes longer than so many nanoseconds.
bool cl_queue_wait(cl_queue queue, int64_t limit);
void cl_queue_release(cl_queue queue);
/// Does `work` on one queue and afterwards `then` on a loop's.
int cl_queue_run(cl_queue queue, void *context, cl_work work, cl_queue loop, cl_work then);

// --- process ---------------------------------------------------------------------------------------------------------------------

/// An argument of the command line, 0 is the program's name; NULL after the last one.
const char *cl_argument(int index);

// --- signals ---------------------------------------------------------------------------------------------------------------------

/// Keeps these signals back, in this thread and those it makes: they wait in the kernel.
int cl_signals_block(const int *signals, int count);
void cl_signal_ignore(int signal);
/// Whether a signal waits.
bool cl_signal_waits(int signal);
/// Waits until the descriptor can be read, or one of these signals, which are kept back, has come.
int cl_poll_or_signal(int fd, const int *signals, int count);
/// Takes one of these signals, which are kept back; 0 if there is none.
int cl_signal_take(const int *signals, int count);

// --- addresses -------------------------------------------------------------------------------------------------------------------

/// An address in host order, IPv4 as ::ffff:a.b.c.d.
struct cl_endpoint {
    uint64_t high;
    uint64_t low;
    uint32_t scope;
    uint16_t port;
    uint16_t reserved;
};

int cl_socket_tcp(int is_ipv6);
int cl_bind(int fd, const struct cl_endpoint *local, int is_ipv6);
int cl_connect(int fd, const struct cl_endpoint *remote);
int cl_accept(int fd, struct cl_endpoint *remote);
int cl_local_name(int fd, struct cl_endpoint *local);
int cl_remote_name(int fd, struct cl_endpoint *remote);

// --- socket options --------------------------------------------------------------------------------------------------------------

int cl_option(int fd, int level, int name, int value);
int cl_option_get(int fd, int level, int name);
int cl_bind_to_device(int fd, const char *name);
/// The error of a finished non-blocking connect, as a positive number; 0 if there is none.
int cl_take_error(int fd);
int cl_set_hop_limit(int fd, int is_ipv6, int value);
/// Packets with a lower TTL or hop limit are dropped (RFC 5082); 0 switches it off.
int cl_set_minimum_hop_limit(int fd, int is_ipv6, int value);
/// Lets the socket be bound to an address that nobody has yet.
int cl_set_free_bind(int fd, int is_ipv6);
int cl_set_traffic_class(int fd, int is_ipv6, int value);
/// RFC 2385: sets the key for a remote address, or for its network if `prefix_length` is not negative; removes it when `length` is 0.
int cl_tcp_md5(int fd, const struct cl_endpoint *remote, int is_ipv6, int prefix_length, const void *key, size_t length);

// --- datagrams -------------------------------------------------------------------------------------------------------------------

struct cl_datagram {
    struct cl_endpoint source;
    struct cl_endpoint destination;
    uint32_t interface;
    int32_t hop_limit;
    int32_t truncated;
    uint32_t reserved;
};

/// A non-blocking raw IPv6 socket that fills and checks the checksum at `checksum_offset` and reports interface, destination, hop limit.
int cl_raw6_open(int protocol, int checksum_offset);
int cl_raw6_membership(int fd, const struct cl_endpoint *group, uint32_t interface, int join);
/// A non-blocking UDP socket of one family that reports interface, destination, hop limit.
int cl_udp_open(int is_ipv6);
ssize_t cl_datagram_receive(int fd, void *buffer, size_t capacity, struct cl_datagram *info);
/// The destination's family is the socket's. `source` may be unspecified, `interface` 0; `hop_limit` -1 keeps the socket's.
ssize_t cl_datagram_send(int fd, const void *bytes, size_t count, const struct cl_datagram *info);

// --- Unix sockets ----------------------------------------------------------------------------------------------------------------

int cl_unix_listen(const char *path, int backlog);
int cl_unix_connect(const char *path, int is_datagram);
int cl_unix_accept(int fd);

// --- netlink ---------------------------------------------------------------------------------------------------------------------

/// One datagram from the kernel. Datagrams of other senders are dropped. -EMSGSIZE when it did not fit (`needed` tells what would).
ssize_t cl_netlink_receive(int fd, void *buffer, size_t capacity, int wait, size_t *needed);
ssize_t cl_netlink_send(int fd, const void *bytes, size_t count);
/// Drops, in the kernel, the notifications that the socket with this port id caused itself.
int cl_netlink_ignore_port(int fd, uint32_t port);

// --- process ---------------------------------------------------------------------------------------------------------------------

/// What is allocated, and what the allocator holds in reserve, in bytes.
void cl_heap_usage(uint64_t *used, uint64_t *free);
int cl_fork(void);
/// A pipe that does not survive exec; ends[0] is the one to read from.
int cl_pipe(int ends[2], int is_blocking);
/// Becomes the user and group and keeps only the capabilities whose bits are set, none of them inheritable.
int cl_drop_privileges(uint32_t user, uint32_t group, const char *user_name, uint64_t capabilities);
int cl_user_id(const char *name, uint32_t *user, uint32_t *group);
int cl_group_id(const char *name, uint32_t *group);
/// Moves the calling thread into the network namespace behind `fd`.
int cl_enter_network_namespace(int fd);
