#include "faulty.h"

#include <pthread.h>
#include <string.h>

enum { LOST_MAX = 32 };
/* Which modes concern a call. */
enum {
    ONLY_CALL = 1u << FAULTY_CALL,
    STATEMENTS = 1u << FAULTY_CALL | 1u << FAULTY_ENDED | 1u << FAULTY_LOST,
    COMMITS = STATEMENTS | 1u << FAULTY_UNKNOWN
};

static struct {
    pthread_mutex_t mutex;
    const struct store_driver *real;
    struct store_driver driver;
    enum faulty_mode mode;
    unsigned left; /* 0: not armed. */
    bool fired;
    const struct store_conn *lost[LOST_MAX];
} faulty = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void faulty_arm(enum faulty_mode mode, unsigned n)
{
    (void)pthread_mutex_lock(&faulty.mutex);
    faulty.mode = mode;
    faulty.left = n;
    faulty.fired = false;
    (void)pthread_mutex_unlock(&faulty.mutex);
}

bool faulty_disarm(void)
{
    (void)pthread_mutex_lock(&faulty.mutex);
    faulty.left = 0;
    bool fired = faulty.fired;
    (void)pthread_mutex_unlock(&faulty.mutex);
    return fired;
}

/* Counts a call that these modes concern; true if it is the one to fail, and in which mode. */
static bool fails_now(unsigned modes, enum faulty_mode *ret_mode)
{
    (void)pthread_mutex_lock(&faulty.mutex);
    *ret_mode = faulty.mode;
    bool counted = faulty.left > 0 && (modes & 1u << faulty.mode) != 0;
    faulty.left -= counted ? 1 : 0;
    bool now = counted && faulty.left == 0;
    faulty.fired = faulty.fired || now;
    (void)pthread_mutex_unlock(&faulty.mutex);
    return now;
}

static void set_lost(const struct store_conn *from, const struct store_conn *to)
{
    (void)pthread_mutex_lock(&faulty.mutex);
    for (int i = 0; i < LOST_MAX; i++) {
        if (faulty.lost[i] == from) {
            faulty.lost[i] = to;
            break;
        }
    }
    (void)pthread_mutex_unlock(&faulty.mutex);
}

static bool lost(const struct store_conn *conn)
{
    bool found = false;
    (void)pthread_mutex_lock(&faulty.mutex);
    for (int i = 0; i < LOST_MAX; i++) {
        found = found || faulty.lost[i] == conn;
    }
    (void)pthread_mutex_unlock(&faulty.mutex);
    return found || faulty.real->lost(conn);
}

static enum fault lose(struct store_conn *conn, struct ctx *ctx)
{
    set_lost(NULL, conn);
    return ctx_fail(ctx, FAULT_STORE_LOST, "lost on purpose", "故意中断");
}

static void end_transaction(struct store_conn *conn, struct ctx *ctx)
{
    if (faulty.real->in_transaction(conn)) {
        enum fault ignored = faulty.real->execute(conn, ctx, "ROLLBACK");
        (void)ignored;
    }
}

/* What the caller is told when its call is the one. */
static enum fault break_call(struct store_conn *conn, struct ctx *ctx, const char *text,
                             enum faulty_mode mode)
{
    switch (mode) {
    case FAULTY_LOST:
        end_transaction(conn, ctx);
        return lose(conn, ctx);
    case FAULTY_UNKNOWN: {
        enum fault ignored = faulty.real->execute(conn, ctx, text);
        (void)ignored;
        return lose(conn, ctx);
    }
    case FAULTY_ENDED:
        end_transaction(conn, ctx);
        return ctx_fail(ctx, FAULT_STORE_FULL, "full on purpose", "故意占满");
    case FAULTY_CALL:
    case FAULTY_MODES:
        break;
    }
    return ctx_fail(ctx, FAULT_STORE_FAILED, "failed on purpose", "故意失败");
}

static enum fault connect_to(struct ctx *ctx, const char *url, bool read_only,
                             struct store_conn **ret_conn)
{
    enum faulty_mode mode;
    if (fails_now(ONLY_CALL, &mode)) {
        return ctx_fail(ctx, FAULT_STORE_LOST, "no connection on purpose", "故意不连接");
    }
    enum fault fault = faulty.real->connect(ctx, url, read_only, ret_conn);
    if (fault == FAULT_NONE) {
        (*ret_conn)->driver = &faulty.driver;
    }
    return fault;
}

static void disconnect(struct store_conn *conn)
{
    set_lost(conn, NULL);
    faulty.real->disconnect(conn);
}

static enum fault execute(struct store_conn *conn, struct ctx *ctx, const char *text)
{
    if (lost(conn)) {
        return ctx_fail(ctx, FAULT_STORE_LOST, "lost before", "已中断");
    }
    enum faulty_mode mode;
    unsigned modes = strcmp(text, "COMMIT") == 0 ? COMMITS : STATEMENTS;
    return fails_now(modes, &mode) ? break_call(conn, ctx, text, mode)
                                   : faulty.real->execute(conn, ctx, text);
}

static enum fault begin(struct store_conn *conn, struct ctx *ctx, bool read_only)
{
    if (lost(conn)) {
        return ctx_fail(ctx, FAULT_STORE_LOST, "lost before", "已中断");
    }
    enum faulty_mode mode;
    return fails_now(STATEMENTS, &mode) ? break_call(conn, ctx, "", mode)
                                        : faulty.real->begin(conn, ctx, read_only);
}

static enum fault query(struct store_conn *conn, struct ctx *ctx, const char *text, bool kept,
                        const struct sql_value *args, size_t args_count, struct sql_rows **ret_rows)
{
    if (lost(conn)) {
        return ctx_fail(ctx, FAULT_STORE_LOST, "lost before", "已中断");
    }
    enum faulty_mode mode;
    if (fails_now(STATEMENTS, &mode)) {
        return break_call(conn, ctx, text, mode);
    }
    enum fault fault = faulty.real->query(conn, ctx, text, kept, args, args_count, ret_rows);
    if (fault == FAULT_NONE) {
        (*ret_rows)->driver = &faulty.driver;
    }
    return fault;
}

static bool next(struct sql_rows *rows)
{
    enum faulty_mode mode;
    if (fails_now(ONLY_CALL, &mode)) {
        rows->fault = FAULT_STORE_FAILED;
        return false;
    }
    return faulty.real->next(rows);
}

static bool in_transaction(const struct store_conn *conn)
{
    return !lost(conn) && faulty.real->in_transaction(conn);
}

const struct store_driver *faulty_driver(const char *url)
{
    faulty.real = driver_of(url);
    faulty.driver = *faulty.real;
    faulty.driver.connect = connect_to;
    faulty.driver.disconnect = disconnect;
    faulty.driver.execute = execute;
    faulty.driver.begin = begin;
    faulty.driver.query = query;
    faulty.driver.next = next;
    faulty.driver.in_transaction = in_transaction;
    faulty.driver.lost = lost;
    return &faulty.driver;
}
