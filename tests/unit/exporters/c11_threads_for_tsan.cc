// SPDX-License-Identifier: Apache-2.0
// librdkafka makes its threads with C11's thrd_create, which GCC 12's ThreadSanitizer does not know: the first
// allocation in such a thread crashes. Under TSan these definitions take the place of the C library's and go through
// POSIX threads, which it does know, so that the Kafka tests run there too.
#if defined(__SANITIZE_THREAD__)

#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <memory>

namespace {

static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t) && sizeof(cnd_t) >= sizeof(pthread_cond_t));

pthread_mutex_t* posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }
int result(int error) { return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : thrd_error; }

struct Start {
    thrd_start_t function;
    void* argument;
};

void* run(void* opaque) {
    const std::unique_ptr<Start> start(static_cast<Start*>(opaque));
    start->function(start->argument);
    return nullptr;
}

}  // namespace

extern "C" {

// librdkafka counts references with atomics of its own, uninstrumented code, so what its last user tidies up looks
// raced for. Only where such a call is the access itself: what our callbacks do under librdkafka's frames is still
// reported. Our own memory is given back by operator delete, not by free.
const char* __tsan_default_suppressions() {
    return "race_top:pthread_rwlock_destroy\nrace_top:pthread_mutex_destroy\nrace_top:free\n";
}

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
    return result(pthread_create(thread, nullptr, run, new Start{function, argument}));
}
int thrd_join(thrd_t thread, int* value) {
    if (value != nullptr) *value = 0;
    return result(pthread_join(thread, nullptr));
}
int thrd_detach(thrd_t thread) { return result(pthread_detach(thread)); }

int mtx_init(mtx_t* mutex, int) { return result(pthread_mutex_init(posix(mutex), nullptr)); }
int mtx_lock(mtx_t* mutex) { return result(pthread_mutex_lock(posix(mutex))); }
int mtx_trylock(mtx_t* mutex) { return pthread_mutex_trylock(posix(mutex)) == 0 ? thrd_success : thrd_busy; }
int mtx_unlock(mtx_t* mutex) { return result(pthread_mutex_unlock(posix(mutex))); }
void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(posix(mutex)); }

int cnd_init(cnd_t* condition) { return result(pthread_cond_init(posix(condition), nullptr)); }
int cnd_signal(cnd_t* condition) { return result(pthread_cond_signal(posix(condition))); }
int cnd_broadcast(cnd_t* condition) { return result(pthread_cond_broadcast(posix(condition))); }
int cnd_wait(cnd_t* condition, mtx_t* mutex) { return result(pthread_cond_wait(posix(condition), posix(mutex))); }
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
    return result(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}
void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(posix(condition)); }

}  // extern "C"

#endif
