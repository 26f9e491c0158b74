/*
 * liandong account list|add|password|roles|disable|enable [LOGIN] --data DIR ...: who may sign in.
 * Passwords come from the environment or from standard input, never from the command line. A server
 * that runs sees changed accounts at once; a body's first account after its next start.
 */
#include "base/clock.h"
#include "base/random.h"
#include "cli/cli.h"
#include "cli/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct asked {
    const char *verb, *login;
    const char *data_dir, *store_url, *name, *body, *roles;
    struct workplace place;
};

static const char *read_line_hidden(struct arena *arena)
{
    char line[PASSWORD_MAX + 2];
    struct termios shown;
    bool terminal = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        struct termios hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        (void)fputs("口令 / password: ", stderr);
    }
    bool given = fgets(line, sizeof line, stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        (void)fputc('\n', stderr);
    }
    if (!given) {
        return NULL;
    }
    line[strcspn(line, "\r\n")] = 0;
    return arena_text(arena, line);
}

static enum fault read_password(struct ctx *ctx, const char *login, const char **ret_hash)
{
    const char *password = getenv("LIANDONG_PASSWORD");
    password = password == NULL ? read_line_hidden(ctx->arena) : password;
    if (password == NULL) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD,
                        "Give the password on standard input or in LIANDONG_PASSWORD.",
                        "请从标准输入或环境变量LIANDONG_PASSWORD提供口令。");
    }
    enum fault fault = people_password_good(ctx, "password", login, password);
    return fault == FAULT_NONE ? people_password_hash(ctx, password, false, ret_hash) : fault;
}

/* "handler,approver" */
static enum fault read_roles(struct ctx *ctx, const char *text, uint32_t *ret_roles)
{
    *ret_roles = 0;
    for (const char *p = text; p != NULL && *p != 0;) {
        size_t length = strcspn(p, ",");
        const char *code = arena_bytes(ctx->arena, p, length);
        enum role role;
        if (!role_parse(code, &role)) {
            return ctx_fail(ctx, FAULT_INVALID_FIELD, "There is no role '%s'.", "没有岗位“%s”。",
                            code);
        }
        *ret_roles |= 1u << role;
        p += length + (p[length] == ',' ? 1 : 0);
    }
    return *ret_roles != 0 ? FAULT_NONE
                           : ctx_fail(ctx, FAULT_INVALID_FIELD, "--roles: name at least one.",
                                      "--roles：至少指定一个岗位。");
}

struct adding {
    int64_t region;
    struct new_account account;
};

static enum fault add_account(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct adding *adding = arg;
    int64_t id = 0;
    return people_account_add(ctx, tx, adding->region, &adding->account, &id);
}

static enum fault add(struct ctx *ctx, struct asked *asked)
{
    struct adding adding = {
        .region = asked->place.office.region,
        .account = {.login = asked->login, .name = asked->name, .org = asked->body}};
    const struct org *org = directory_org(asked->place.directory, asked->body);
    if (asked->name == NULL || org == NULL || org->kind == ORG_PUBLIC) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "--name and --body (a known body) are needed.",
                        "请用--name给出姓名，用--body给出已登记的单位。");
    }
    enum fault fault = read_roles(ctx, asked->roles, &adding.account.roles);
    if (fault == FAULT_NONE) {
        fault = read_password(ctx, asked->login, &adding.account.password_hash);
    }
    if (fault == FAULT_NONE) {
        fault = store_write(asked->place.store, ctx, add_account, &adding);
    }
    return fault == FAULT_DUPLICATE ? ctx_fail(ctx, fault, "The login '%s' is taken.",
                                               "用户名“%s”已存在。", asked->login)
                                    : fault;
}

static enum fault change(struct ctx *ctx, struct asked *asked)
{
    struct account_change change = {
        .region = asked->place.office.region, .login = asked->login, .active = -1};
    enum fault fault = FAULT_NONE;
    if (strcmp(asked->verb, "password") == 0) {
        fault = read_password(ctx, asked->login, &change.password_hash);
    } else if (strcmp(asked->verb, "roles") == 0) {
        fault = read_roles(ctx, asked->roles, &change.roles);
    } else {
        change.active = strcmp(asked->verb, "enable") == 0 ? 1 : 0;
    }
    return fault == FAULT_NONE
               ? store_write(asked->place.store, ctx, people_account_change, &change)
               : fault;
}

static enum fault print_accounts(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct asked *asked = arg;
    struct account_row *rows = NULL;
    size_t count = 0;
    enum fault fault = people_accounts(ctx, tx, asked->place.office.region, &rows, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        (void)printf("%s\t%s\t%s\t%s\t", rows[i].login, rows[i].name, rows[i].org,
                     rows[i].active ? "active" : "disabled");
        const char *comma = "";
        for (unsigned role = 0; role < ROLES_COUNT; role++) {
            if ((rows[i].roles & 1u << role) != 0) {
                (void)printf("%s%s", comma, role_code((enum role)role));
                comma = ",";
            }
        }
        (void)putchar('\n');
    }
    return fault;
}

static const struct {
    const char *verb;
    enum fault (*run)(struct ctx *ctx, struct asked *asked);
} verbs[] = {
    {"add", add}, {"password", change}, {"roles", change}, {"disable", change}, {"enable", change}};

static enum fault run(struct ctx *ctx, struct asked *asked)
{
    if (strcmp(asked->verb, "list") == 0) {
        return store_read(asked->place.store, ctx, print_accounts, asked);
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(asked->verb, verbs[i].verb) == 0) {
            return verbs[i].run(ctx, asked);
        }
    }
    return ctx_fail(ctx, FAULT_INVALID_FIELD, "account: there is no '%s'.", "account：没有“%s”。",
                    asked->verb);
}

static enum fault do_asked(struct ctx *ctx, void *arg)
{
    struct asked *asked = arg;
    return run(ctx, asked);
}

static int open_and_run(struct asked *asked)
{
    struct workplace_options options = {.data_dir = asked->data_dir, .store_url = asked->store_url};
    return cli_within(&options, &asked->place, cli_lang(), do_asked, asked);
}

int cli_account(int argc, char **argv)
{
    struct asked asked = {.store_url = getenv("LIANDONG_STORE")};
    const char *words[2] = {NULL, NULL};
    const struct cli_flag flags[] = {{"--data", &asked.data_dir, NULL},
                                     {"--store", &asked.store_url, NULL},
                                     {"--name", &asked.name, NULL},
                                     {"--body", &asked.body, NULL},
                                     {"--roles", &asked.roles, NULL}};
    size_t count = 0;
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], words, 2, &count)) {
        return 2;
    }
    asked.verb = words[0];
    asked.login = words[1];
    bool list = asked.verb != NULL && strcmp(asked.verb, "list") == 0;
    if (asked.verb == NULL || asked.data_dir == NULL || (asked.login == NULL && !list)) {
        (void)fputs("liandong account list --data DIR\n"
                    "liandong account add LOGIN --data DIR --name NAME --body CODE --roles R,R\n"
                    "liandong account roles LOGIN --data DIR --roles R,R\n"
                    "liandong account password|disable|enable LOGIN --data DIR\n",
                    stderr);
        return 2;
    }
    return open_and_run(&asked);
}
