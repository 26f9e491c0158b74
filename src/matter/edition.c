/* The editions in memory: taken up once, then only read. Which counts for what. */
#include "calendar/date.h"
#include "matter/edition_inner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct editions *editions_create(const char *folder)
{
    struct editions *editions = calloc(1, sizeof *editions);
    if (editions == NULL) {
        abort();
    }
    editions->arena = arena_create();
    editions->folder = arena_text(editions->arena, folder);
    (void)pthread_mutex_init(&editions->mutex, NULL);
    atomic_init(&editions->count, 0);
    atomic_init(&editions->unread_from, INT32_MAX);
    return editions;
}

/* Several rows may run one copy. */
static bool destroyed_before(const struct editions *editions, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        if (editions->list[i].book == editions->list[place].book) {
            return true;
        }
    }
    return false;
}

void editions_destroy(struct editions *editions)
{
    if (editions == NULL) {
        return;
    }
    size_t count = editions_count(editions);
    for (size_t i = count; i-- > 0;) {
        if (!destroyed_before(editions, i)) {
            rules_destroy(editions->list[i].book);
        }
    }
    (void)pthread_mutex_destroy(&editions->mutex);
    arena_destroy(editions->arena);
    free(editions);
}

size_t editions_count(const struct editions *editions)
{
    return atomic_load_explicit(&editions->count, memory_order_acquire);
}

const struct edition *editions_at(const struct editions *editions, size_t index)
{
    assert(index < editions_count(editions));
    return &editions->list[index];
}

const char *edition_folder(struct arena *arena, const struct editions *editions,
                           const char *edition)
{
    return arena_printf(arena, "%s/%s", editions->folder, edition);
}

static struct rulebook *find_book(const struct editions *editions, const char *runs_as)
{
    for (size_t i = 0; i < editions_count(editions); i++) {
        if (strcmp(editions->list[i].book->edition, runs_as) == 0) {
            return editions->list[i].book;
        }
    }
    return NULL;
}

static enum fault read_copy(const struct editions *editions, struct ctx *ctx,
                            const struct edition *row, struct rulebook **ret_book)
{
    const char *folder = edition_folder(ctx->arena, editions, row->runs_as);
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault != FAULT_NONE) {
        const char *why = ctx->note == NULL ? "?" : ctx->note;
        return ctx_fail(ctx, FAULT_RULEBOOK_INVALID,
                        "Edition %s of the rulebook was adopted, but its copy can't be read: %s",
                        "规则版本%s已经采用，但其副本无法读取：%s", row->runs_as, why);
    }
    if (strcmp(book->edition, row->runs_as) != 0) {
        rules_destroy(book);
        return ctx_fail(ctx, FAULT_RULEBOOK_INVALID,
                        "%s: the files are not those that were adopted as edition %s.",
                        "%s：文件与采用时的规则版本%s不一致。", folder, row->runs_as);
    }
    *ret_book = book;
    return FAULT_NONE;
}

enum fault edition_take_up(struct editions *editions, struct ctx *ctx, const struct edition *row)
{
    size_t count = editions_count(editions);
    if (count == EDITIONS_MAX) {
        return ctx_fail(ctx, FAULT_TOO_LARGE, "At most %d editions can run side by side.",
                        "最多可同时运行%d个规则版本。", EDITIONS_MAX);
    }
    struct edition *edition = &editions->list[count];
    *edition = (struct edition){.edition = arena_text(editions->arena, row->edition),
                                .runs_as = arena_text(editions->arena, row->runs_as),
                                .book = find_book(editions, row->runs_as),
                                .takes_effect = row->takes_effect,
                                .adopted_ms = row->adopted_ms,
                                .adopted_by = arena_text(editions->arena, row->adopted_by)};
    enum fault fault =
        edition->book == NULL ? read_copy(editions, ctx, row, &edition->book) : FAULT_NONE;
    if (fault == FAULT_NONE) {
        atomic_store_explicit(&editions->count, count + 1, memory_order_release);
    }
    return fault;
}

/* Does `edition` come after `other`? */
static bool later(const struct edition *edition, const struct edition *other)
{
    return edition->takes_effect != other->takes_effect
               ? edition->takes_effect > other->takes_effect
               : edition->adopted_ms > other->adopted_ms;
}

/* What release 0.1 began is kept going; nothing begins under it any more. */
static bool may_begin(const struct edition *edition)
{
    return strcmp(edition->edition, edition->runs_as) == 0;
}

const struct rulebook *office_book(const struct office *office, int64_t now_ms)
{
    int32_t today = date_of_ms(now_ms);
    const struct edition *found = NULL;
    const struct edition *earliest = NULL;
    size_t count = editions_count(office->editions);
    for (size_t i = 0; i < count; i++) {
        const struct edition *edition = &office->editions->list[i];
        if (!may_begin(edition)) {
            continue;
        }
        if (edition->takes_effect <= today && (found == NULL || later(edition, found))) {
            found = edition;
        }
        if (earliest == NULL || later(earliest, edition)) {
            earliest = edition;
        }
    }
    assert(earliest != NULL);
    return found != NULL ? found->book : earliest->book;
}

const struct rulebook *office_edition(const struct office *office, const char *edition)
{
    size_t count = editions_count(office->editions);
    for (size_t i = 0; edition != NULL && i < count; i++) {
        if (strcmp(office->editions->list[i].edition, edition) == 0) {
            return office->editions->list[i].book;
        }
    }
    return NULL;
}

const struct rulebook *office_book_of(const struct office *office,
                                      const struct rules_procedure *procedure)
{
    size_t count = editions_count(office->editions);
    for (size_t i = 0; i < count; i++) {
        const struct rulebook *book = office->editions->list[i].book;
        for (size_t k = 0; k < book->procedures_count; k++) {
            if (&book->procedures[k] == procedure) {
                return book;
            }
        }
    }
    assert(!"a procedure of no edition");
    return NULL;
}

enum fault office_edition_unknown(struct ctx *ctx, const char *edition)
{
    return ctx_fail(ctx, FAULT_BUSY,
                    "The matter runs under edition %s of the rulebook, which this server has not"
                    " taken up yet; try again in a minute.",
                    "该事项适用规则版本%s，本服务器尚未载入，请一分钟后再试。", edition);
}

enum fault office_ready(const struct office *office, struct ctx *ctx)
{
    int32_t unread = atomic_load(&office->editions->unread_from);
    return date_of_ms(ctx->now_ms) < unread
               ? FAULT_NONE
               : ctx_fail(ctx, FAULT_RULEBOOK_INVALID,
                          "An edition of the rulebook that is in force can't be read on the server:"
                          " nothing new may begin until it is there.",
                          "已生效的规则版本在服务器上无法读取，修复前不能发起新事项。");
}
