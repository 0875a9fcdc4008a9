#define _GNU_SOURCE
#include "clinux.h"

#include <sys/eventfd.h>

// What we use of libdispatch, declared here because no folder of headers that holds them is searched for C. The functions with 4CF are
// those that CoreFoundation's run loop is built on: https://github.com/swiftlang/swift-corelibs-libdispatch, private/queue_private.h.
typedef struct dispatch_queue_s *dispatch_queue_t;
typedef struct dispatch_source_s *dispatch_source_t;
typedef const struct dispatch_source_type_s *dispatch_source_type_t;
typedef struct dispatch_queue_attr_s *dispatch_queue_attr_t;

extern struct dispatch_queue_s _dispatch_main_q;
dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_attr_t attributes);
void dispatch_async_f(dispatch_queue_t queue, void *context, cl_work work);
void dispatch_set_context(void *object, void *context);
void dispatch_suspend(void *object);
void dispatch_resume(void *object);
void dispatch_retain(void *object);
void dispatch_release(void *object);
void *dispatch_semaphore_create(intptr_t value);
intptr_t dispatch_semaphore_wait(void *semaphore, uint64_t limit);
intptr_t dispatch_semaphore_signal(void *semaphore);
uint64_t dispatch_time(uint64_t from, int64_t nanoseconds);
extern const struct dispatch_source_type_s _dispatch_source_type_read, _dispatch_source_type_write, _dispatch_source_type_timer,
    _dispatch_source_type_signal;
dispatch_source_t dispatch_source_create(dispatch_source_type_t type, uintptr_t handle, uintptr_t mask, dispatch_queue_t queue);
void dispatch_source_set_event_handler_f(dispatch_source_t source, cl_work handler);
void dispatch_source_set_cancel_handler_f(dispatch_source_t source, cl_work handler);
void dispatch_source_set_timer(dispatch_source_t source, uint64_t start, uint64_t interval, uint64_t leeway);
uintptr_t dispatch_source_get_data(dispatch_source_t source);
void dispatch_source_cancel(dispatch_source_t source);
int _dispatch_get_main_queue_handle_4CF(void);
void _dispatch_main_queue_callback_4CF(void *unused);
dispatch_queue_t _dispatch_runloop_root_queue_create_4CF(const char *label, unsigned long flags);
bool _dispatch_runloop_root_queue_perform_4CF(dispatch_queue_t queue);

// --- The loop's queue ------------------------------------------------------------------------------------------------------------

static void nothing(void *context) { (void)context; }

// What libdispatch writes to when the queue gets work, an eventfd, plus one: on Linux no function tells it (queue.c,
// _dispatch_runloop_queue_get_handle), it is the fifth word of any object (object_internal.h, _DISPATCH_OBJECT_HEADER).
static int runloop_handle(dispatch_queue_t queue) {
    uintptr_t words[5];
    memcpy(words, queue, sizeof words);
    int handle = (int)words[4] - 1;
    // Should another libdispatch be built otherwise, work does not show there.
    dispatch_async_f(queue, NULL, nothing);
    struct pollfd descriptor = {.fd = handle, .events = POLLIN};
    return poll(&descriptor, 1, 0) == 1 && descriptor.revents == POLLIN ? handle : -ENOTSUP;
}

cl_queue cl_loop_queue(int *handle) {
    if (getpid() == gettid()) {
        *handle = _dispatch_get_main_queue_handle_4CF();
        return &_dispatch_main_q;
    }
    dispatch_queue_t queue = _dispatch_runloop_root_queue_create_4CF("loop", 0);
    *handle = queue ? runloop_handle(queue) : -ENOMEM;
    return queue;
}

void cl_loop_queue_work(cl_queue queue, int handle) {
    eventfd_t count;
    eventfd_read(handle, &count);  // fails only when there was nothing; it makes the handle wait for the next work
    if (queue == &_dispatch_main_q)
        _dispatch_main_queue_callback_4CF(NULL);
    else
        while (_dispatch_runloop_root_queue_perform_4CF(queue)) {}
}

// --- Sources ---------------------------------------------------------------------------------------------------------------------

cl_source cl_source_make(enum cl_source_kind kind, int number, cl_queue queue, void *context, cl_work handler, cl_work cancelled) {
    const dispatch_source_type_t types[] = {
        [CL_SOURCE_READ] = &_dispatch_source_type_read,
        [CL_SOURCE_TIMER] = &_dispatch_source_type_timer,
        [CL_SOURCE_SIGNAL] = &_dispatch_source_type_signal,
    };
    dispatch_source_t source = dispatch_source_create(types[kind], (uintptr_t)number, 0, queue);
    if (!source) return NULL;
    dispatch_set_context(source, context);
    dispatch_source_set_event_handler_f(source, handler);
    if (cancelled) dispatch_source_set_cancel_handler_f(source, cancelled);
    if (kind == CL_SOURCE_TIMER || kind == CL_SOURCE_SIGNAL) dispatch_resume(source);
    return source;
}

void cl_source_suspend(cl_source source) { dispatch_suspend(source); }
void cl_source_resume(cl_source source) { dispatch_resume(source); }

void cl_source_cancel(cl_source source) {
    dispatch_source_cancel(source);
    dispatch_release(source);
}

void cl_timer_set(cl_source timer, int64_t delay) {
    dispatch_source_set_timer(timer, dispatch_time(0, delay), UINT64_MAX, 0);  // from now on, once, exactly
}

// --- Work on other threads -------------------------------------------------------------------------------------------------------

cl_queue cl_work_queue(const char *label) { return dispatch_queue_create(label, NULL); }

void cl_queue_add(cl_queue queue, void *context, cl_work work) { dispatch_async_f(queue, context, work); }
void cl_queue_release(cl_queue queue) { dispatch_release(queue); }

static void signal_end(void *semaphore) {
    dispatch_semaphore_signal(semaphore);
    dispatch_release(semaphore);
}

bool cl_queue_wait(cl_queue queue, int64_t limit) {
    void *semaphore = dispatch_semaphore_create(0);
    if (!semaphore) return false;
    dispatch_retain(semaphore);
    dispatch_async_f(queue, semaphore, signal_end);
    bool is_done = dispatch_semaphore_wait(semaphore, dispatch_time(0, limit)) == 0;
    dispatch_release(semaphore);
    return is_done;
}

struct errand {
    void *context;
    cl_work work, then;
    cl_queue loop;
};

static void run(void *argument) {
    struct errand *errand = argument;
    errand->work(errand->context);
    dispatch_async_f(errand->loop, errand->context, errand->then);
    free(errand);
}

int cl_queue_run(cl_queue queue, void *context, cl_work work, cl_queue loop, cl_work then) {
    struct errand *errand = malloc(sizeof *errand);
    if (!errand) return -ENOMEM;
    *errand = (struct errand){context, work, then, loop};
    dispatch_async_f(queue, errand, run);
    return 0;
}
