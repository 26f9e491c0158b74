#include "cli/office.h"

#include "base/bell.h"
#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "cli/cli.h"

#include <string.h>

static enum fault load_directory(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct workplace *place = arg;
    return people_directory_load(ctx, tx, place->office.region, &place->directory);
}

enum fault workplace_reload(struct ctx *ctx, struct workplace *place)
{
    people_directory_destroy(place->directory);
    place->directory = NULL;
    enum fault fault = store_read(place->store, ctx, load_directory, place);
    place->office.directory = place->directory;
    return fault;
}

/* Something was committed: a paper may wait. */
static void committed(void *arg)
{
    bell_ring(arg);
}

static enum fault open_store(struct ctx *ctx, const struct workplace_options *options,
                             struct workplace *place)
{
    const char *url = options->store_url != NULL
                          ? options->store_url
                          : arena_printf(ctx->arena, "sqlite:%s/liandong.db", options->data_dir);
    struct store_options store = {.url = url,
                                  .schema_dir = cli_share_path(ctx->arena, "schema"),
                                  .on_commit = committed,
                                  .on_commit_arg = place->bell};
    return store_open(ctx, &store, &place->store);
}

static unsigned yellow_days(const struct rulebook *book)
{
    const struct rules_setting *setting = rules_setting(book, "yellow_days");
    int64_t days = 1;
    bool given = setting != NULL && text_to_int(setting->value, 0, 30, &days);
    return given ? (unsigned)days : 1;
}

/* The first start adopts the rulebook that the data is made with. */
static enum fault adopt_first(struct ctx *ctx, struct workplace *place, const char *folder,
                              bool found)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault != FAULT_NONE) {
        return fault;
    }
    place->office.region = book->region;
    struct adoption adoption = {.folder = folder,
                                .takes_effect = book->in_force_from,
                                .by = "init",
                                .first = true,
                                .found = found};
    rules_destroy(book);
    return editions_adopt(place->editions, ctx, place->store, &adoption);
}

static enum fault open_editions(struct ctx *ctx, const struct workplace_options *options,
                                struct workplace *place)
{
    place->editions = editions_create(arena_printf(ctx->arena, "%s/rulebooks", options->data_dir));
    const char *folder = options->rulebook_dir != NULL
                             ? options->rulebook_dir
                             : cli_share_path(ctx->arena, "rulebooks/zengdu-2021");
    enum fault fault = editions_region(ctx, place->store, 0, &place->office.region);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = place->office.region == 0
                ? adopt_first(ctx, place, folder, options->rulebook_dir == NULL)
                : editions_refresh(place->editions, ctx, place->store, place->office.region);
    place->office.editions = place->editions;
    return fault;
}

static enum fault open_parts(struct ctx *ctx, const struct workplace_options *options,
                             struct workplace *place)
{
    enum fault fault = options->make ? file_make_folder(ctx, options->data_dir, 0700) : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = office_keys_load(ctx, options->data_dir, options->make, &place->office);
    }
    if (fault == FAULT_NONE) {
        fault = open_store(ctx, options, place);
    }
    if (fault == FAULT_NONE) {
        fault = open_editions(ctx, options, place);
    }
    place->calendars = calendars_create(&place->office);
    return fault == FAULT_NONE ? calendars_open(place->calendars, ctx, place->store,
                                                cli_share_path(ctx->arena, "calendars/cn.yaml"))
                               : fault;
}

enum fault workplace_open(struct ctx *ctx, const struct workplace_options *options,
                          struct workplace *ret_place)
{
    struct workplace *place = ret_place;
    *place = (struct workplace){.arena = arena_create(), .bell = bell_create()};
    place->office.paper_bell = place->bell;
    enum fault fault = open_parts(ctx, options, place);
    if (fault != FAULT_NONE) {
        workplace_close(place);
        return fault;
    }
    place->book = office_book(&place->office, ctx->now_ms);
    place->calendar = place->office.calendar;
    place->office.calendars = place->calendars;
    place->office.yellow_days = yellow_days(place->book);
    place->office.files_dir = arena_printf(place->arena, "%s/files", options->data_dir);
    place->office.uploads_dir = arena_printf(place->arena, "%s/uploads", options->data_dir);
    fault = options->make ? file_make_folder(ctx, place->office.files_dir, 0700) : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = workplace_reload(ctx, place);
    }
    if (fault != FAULT_NONE) {
        workplace_close(place);
    }
    return fault;
}

void workplace_close(struct workplace *place)
{
    store_close(place->store);
    bell_destroy(place->bell);
    people_directory_destroy(place->directory);
    calendars_destroy(place->calendars);
    editions_destroy(place->editions);
    if (place->arena != NULL) {
        arena_destroy(place->arena);
    }
    *place = (struct workplace){.store = NULL};
}

/* ---- Bodies and accounts from a file ---- */

struct bodies {
    const struct yaml_node *root;
    struct yaml_report report;
    int64_t region;
    const char *password_hash;
};

static struct label label_of(struct bodies *bodies, const struct yaml_node *node, const char *key)
{
    const struct yaml_node *label = yaml_get(node, key);
    struct label made = {"?", "?"};
    if (label == NULL) {
        yaml_wrong(&bodies->report, node, "key '%s' is missing", key);
        return made;
    }
    const char *zh = yaml_text(&bodies->report, label, "zh", true);
    const char *en = yaml_text(&bodies->report, label, "en", true);
    return zh == NULL || en == NULL ? made : (struct label){zh, en};
}

/* Loading a file again adds what is new in it and leaves the rest as it is. */
static enum fault is_there(struct ctx *ctx, struct store_tx *tx, const char *statement,
                           int64_t region, const char *key, bool *ret_there)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, statement, SQL_ARGS(sql_int(region), sql_text(key)), &rows);
    *ret_there = fault == FAULT_NONE && sql_next(rows);
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault add_account(struct ctx *ctx, struct store_tx *tx, struct bodies *bodies,
                              const char *org, const struct yaml_node *node)
{
    struct new_account account = {.login = yaml_text(&bodies->report, node, "login", true),
                                  .name = yaml_text(&bodies->report, node, "name", true),
                                  .org = org,
                                  .password_hash = bodies->password_hash};
    const struct yaml_node *roles = yaml_get(node, "roles");
    for (const struct yaml_node *item = roles == NULL ? NULL : roles->children; item != NULL;
         item = item->next) {
        enum role role;
        if (item->text != NULL && role_parse(item->text, &role)) {
            account.roles |= 1u << role;
        } else {
            yaml_wrong(&bodies->report, item, "unknown role");
        }
    }
    int64_t id = 0;
    bool there = false;
    enum fault fault = bodies->report.count > 0 ? FAULT_INVALID_FIELD : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = is_there(ctx, tx, "SELECT 1 FROM account WHERE region = $1 AND login = $2",
                         bodies->region, account.login, &there);
    }
    return fault == FAULT_NONE && !there
               ? people_account_add(ctx, tx, bodies->region, &account, &id)
               : fault;
}

static enum fault add_body(struct ctx *ctx, struct store_tx *tx, struct bodies *bodies,
                           const struct yaml_node *node)
{
    static const char *const keys[] = {"code",  "kind",       "sector",   "name",
                                       "short", "paper_word", "accounts", NULL};
    yaml_only(&bodies->report, node, keys);
    struct org org = {.code = yaml_text(&bodies->report, node, "code", true),
                      .sector = yaml_text(&bodies->report, node, "sector", false),
                      .name = label_of(bodies, node, "name"),
                      .short_name = label_of(bodies, node, "short"),
                      .paper_word = yaml_text(&bodies->report, node, "paper_word", false)};
    const char *kind = yaml_text(&bodies->report, node, "kind", true);
    if (kind != NULL && !org_kind_parse(kind, &org.kind)) {
        yaml_wrong(&bodies->report, node, "unknown kind of body '%s'", kind);
    }
    bool there = false;
    enum fault fault = bodies->report.count > 0 ? FAULT_INVALID_FIELD : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = is_there(ctx, tx, "SELECT 1 FROM org WHERE region = $1 AND code = $2",
                         bodies->region, org.code, &there);
    }
    if (fault == FAULT_NONE && !there) {
        fault = people_org_add(ctx, tx, bodies->region, &org);
    }
    const struct yaml_node *accounts = yaml_get(node, "accounts");
    for (const struct yaml_node *item = accounts == NULL ? NULL : accounts->children;
         item != NULL && fault == FAULT_NONE; item = item->next) {
        fault = add_account(ctx, tx, bodies, org.code, item);
    }
    return fault;
}

static enum fault add_bodies(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct bodies *bodies = arg;
    enum fault fault = FAULT_NONE;
    for (const struct yaml_node *node = bodies->root->children; node != NULL && fault == FAULT_NONE;
         node = node->next) {
        fault = add_body(ctx, tx, bodies, node);
    }
    return fault;
}

enum fault workplace_load_bodies(struct ctx *ctx, struct workplace *place, const char *path,
                                 const char *password, bool weak)
{
    struct bodies bodies = {.region = place->office.region};
    yaml_report_init(&bodies.report, ctx->arena);
    bodies.root = yaml_load(ctx, &bodies.report, path);
    enum fault fault = bodies.root == NULL ? FAULT_INVALID_FIELD : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = people_password_hash(ctx, password, weak, &bodies.password_hash);
    }
    if (fault == FAULT_NONE) {
        fault = store_write(place->store, ctx, add_bodies, &bodies);
    }
    if (bodies.report.count > 0) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "%s", "%s", bodies.report.lines[0]);
    }
    return fault == FAULT_NONE ? workplace_reload(ctx, place) : fault;
}

/* ---- An account as an actor ---- */

struct finding {
    struct workplace *place;
    const char *login;
    struct actor *actor;
};

static enum fault find_actor(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct finding *finding = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT a.id, a.login, a.name, a.org, r.role FROM account a JOIN account_role r"
        " ON r.region = a.region AND r.account = a.id WHERE a.region = $1 AND a.login = $2",
        SQL_ARGS(sql_int(finding->place->office.region), sql_text(finding->login)), &rows);
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    while (fault == FAULT_NONE && sql_next(rows)) {
        enum role role;
        actor->kind = ACTOR_ACCOUNT;
        actor->region = finding->place->office.region;
        actor->account = sql_column_int(rows, 0);
        actor->login = arena_text(ctx->arena, sql_column_text(rows, 1));
        actor->name = arena_text(ctx->arena, sql_column_text(rows, 2));
        actor->org = directory_org(finding->place->directory, sql_column_text(rows, 3));
        actor->roles |= role_parse(sql_column_text(rows, 4), &role) ? 1u << role : 0;
        actor->csrf = "";
    }
    finding->actor = actor;
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    return fault == FAULT_NONE && actor->org == NULL ? FAULT_NOT_FOUND : fault;
}

enum fault workplace_actor(struct ctx *ctx, struct workplace *place, const char *login,
                           struct actor **ret_actor)
{
    struct finding finding = {.place = place, .login = login};
    enum fault fault = store_read(place->store, ctx, find_actor, &finding);
    *ret_actor = finding.actor;
    return fault;
}
