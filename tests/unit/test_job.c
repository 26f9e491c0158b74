/* The sweep: what nobody used goes after a day, and nothing else. */
#include "base/file.h"
#include "base/text.h"
#include "job/job.h"
#include "people_rig.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { DAY_MS = 24 * 3600 * 1000 };

static struct office office;
static const char *folder;

/* A file of these bytes, kept, with its upload's row; as if it had come `age_ms` ago. */
static const char *bring(struct ctx *ctx, const char *content, int64_t age_ms)
{
    static const struct actor visitor = {.kind = ACTOR_CODE, .region = RIG_REGION, .name = ""};
    struct new_upload upload = {.region = RIG_REGION,
                                .name = "x.txt",
                                .media_type = "text/plain",
                                .bytes = (int64_t)strlen(content)};
    digest_of(content, strlen(content), &upload.digest);
    const char *part = check_write_bytes(ctx->arena, folder, "part", content, strlen(content));
    assert_int_equal(matter_file_keep(ctx, &office, part, &upload.digest), FAULT_NONE);
    int64_t now_ms = ctx->now_ms;
    ctx->now_ms -= age_ms;
    ctx->actor = &visitor;
    assert_int_equal(store_write(rig_store, ctx, matter_upload_add, &upload), FAULT_NONE);
    ctx->now_ms = now_ms;
    char sha256[DIGEST_HEX];
    text_hex(upload.digest.sha256, DIGEST_BYTES, sha256);
    return matter_file_path(ctx->arena, &office, sha256);
}

static void touch(const char *path, int64_t time_ms)
{
    struct timespec times[2] = {{.tv_sec = time_ms / 1000}, {.tv_sec = time_ms / 1000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void unused_uploads_go_after_a_day(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *old = bring(&ctx, "old", DAY_MS + 1000);
    const char *young = bring(&ctx, "young", DAY_MS - 1000);
    /* The same bytes once old, once young: the file stays. */
    const char *both = bring(&ctx, "both", DAY_MS + 1000);
    (void)bring(&ctx, "both", 1000);
    touch(old, ctx.now_ms - DAY_MS - 1000);
    touch(young, ctx.now_ms - DAY_MS - 1000);
    touch(both, ctx.now_ms - DAY_MS - 1000);
    assert_int_equal(job_sweep(&ctx, rig_store, &office), FAULT_NONE);
    assert_false(there(old));
    assert_true(there(young));
    assert_true(there(both));
}

/* Its row is gone, but the same bytes have just come again and their row is on its way. */
static void a_file_that_came_again_stays(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *path = bring(&ctx, "again", DAY_MS + 1000);
    touch(path, ctx.now_ms - 1000);
    assert_int_equal(job_sweep(&ctx, rig_store, &office), FAULT_NONE);
    assert_true(there(path));
}

static void half_arrived_files_go_after_a_day(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *old = check_write_bytes(ctx.arena, office.uploads_dir, "a.part", "x", 1);
    const char *young = check_write_bytes(ctx.arena, office.uploads_dir, "b.part", "x", 1);
    touch(old, ctx.now_ms - DAY_MS - 1000);
    touch(young, ctx.now_ms - 1000);
    assert_int_equal(job_sweep(&ctx, rig_store, &office), FAULT_NONE);
    assert_false(there(old));
    assert_true(there(young));
}

static int start(void **state)
{
    static char path[] = "/tmp/liandong-unit-XXXXXX";
    static char files[64];
    static char uploads[64];
    folder = mkdtemp(path);
    assert_non_null(folder);
    (void)snprintf(files, sizeof files, "%s/files", folder);
    (void)snprintf(uploads, sizeof uploads, "%s/uploads", folder);
    assert_int_equal(mkdir(files, 0700) | mkdir(uploads, 0700), 0);
    office = (struct office){.region = RIG_REGION, .files_dir = files, .uploads_dir = uploads};
    return rig_people_start(state);
}

static int stop(void **state)
{
    check_folder_remove(folder);
    return rig_people_stop(state);
}

enum { LOST_CLOCKS = EXPIRED_PAGE + 3 };

/* Clocks that ran out and whose matter nobody finds: none of them can ever act. */
static enum fault add_lost_clocks(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    enum fault fault = FAULT_NONE;
    for (int64_t id = 1; id <= LOST_CLOCKS && fault == FAULT_NONE; id++) {
        fault = sql_run(
            tx, ctx,
            "INSERT INTO deadline (region, id, matter, code, obligor, within, strength, from_ms,"
            " due_ms, due_date, provisional, calendar, expires)"
            " VALUES ($1, $2, 1, 'x', 'water', '1wd', 'local', 0, $3, 0, 0, 'x', 1)",
            SQL_ARGS(sql_int(RIG_REGION), sql_int(id), sql_int(1000 + id / 10)), NULL);
    }
    return fault;
}

static void clocks_that_can_not_act_hold_up_nobody(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const struct actor system = {.kind = ACTOR_SYSTEM, .region = RIG_REGION, .name = ""};
    struct expired expired = {.after_id = 0};
    ctx.actor = &system;
    assert_int_equal(store_write(rig_store, &ctx, add_lost_clocks, NULL), FAULT_NONE);
    assert_int_equal(store_read(rig_store, &ctx, matter_expired, &expired), FAULT_NONE);
    assert_int_equal(expired.ret_count, EXPIRED_PAGE);
    assert_int_equal(expired.ret_ids[0], 1);
    expired.after_due_ms = expired.ret_last_due_ms;
    expired.after_id = expired.ret_ids[EXPIRED_PAGE - 1];
    assert_int_equal(store_read(rig_store, &ctx, matter_expired, &expired), FAULT_NONE);
    assert_int_equal(expired.ret_count, LOST_CLOCKS - EXPIRED_PAGE);
    assert_int_equal(expired.ret_ids[0], EXPIRED_PAGE + 1);
    /* All are tried, the first fault is told, and it ends. */
    assert_int_equal(job_expire(&ctx, rig_store, &office), FAULT_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_that_can_not_act_hold_up_nobody),
        cmocka_unit_test(unused_uploads_go_after_a_day),
        cmocka_unit_test(a_file_that_came_again_stays),
        cmocka_unit_test(half_arrived_files_go_after_a_day),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
