/*
 * Mail to a real SMTP server (smtp.py, Debian's python3-aiosmtpd): delivery, delay, refusal, a
 * server that is away, encryption, signing in. Without the package it says so and is skipped.
 */
#include "base/id.h"
#include "job/job.h"
#include "job/mail_inner.h"
#include "rig.h"

#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { SKIPPED = 77 };

static char server_folder[64];
static pid_t server;
static int server_input = -1;
static struct mail_options options;
static char server_url[64];

/* Starts smtp.py with further words; reads its port. */
static void serve(const char *scheme, const char *const *words)
{
    int in[2];
    int out[2];
    char line[32] = {0};
    (void)snprintf(server_folder, sizeof server_folder, "/tmp/liandong-smtp-XXXXXX");
    assert_non_null(mkdtemp(server_folder));
    assert_int_equal(pipe(in) | pipe(out), 0);
    server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        const char *argv[12] = {"python3", SOURCE_DIR "/tests/messages/smtp.py", server_folder};
        for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
            argv[3 + i] = words[i];
        }
        (void)dup2(in[0], STDIN_FILENO);
        (void)dup2(out[1], STDOUT_FILENO);
        (void)close(in[1]);
        (void)close(out[0]);
        union {
            const char **given;
            char *const *taken;
        } same = {.given = argv};
        (void)execv("/usr/bin/python3", same.taken);
        _exit(SKIPPED);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    server_input = in[1];
    ssize_t got = read(out[0], line, sizeof line - 1);
    (void)close(out[0]);
    assert_true(got > 1);
    line[strcspn(line, "\n")] = 0;
    (void)snprintf(server_url, sizeof server_url, "%s://127.0.0.1:%s", scheme, line);
    options = (struct mail_options){.url = server_url, .from = "liandong@zengdu.example"};
}

static void unserve(void)
{
    int status = 0;
    if (server > 0) {
        (void)close(server_input);
        (void)waitpid(server, &status, 0);
        server = 0;
        check_folder_remove(server_folder);
    }
}

static bool can_serve(void)
{
    int status = system("/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *certificate(const char *name)
{
    return arena_printf(rig_arena, "%s/%s", rig_folder, name);
}

/* A certificate for 127.0.0.1 that only who is told to will trust. */
static void make_certificate(void)
{
    char *command =
        arena_printf(rig_arena,
                     "openssl req -x509 -newkey rsa:2048 -nodes -keyout '%s' -out '%s' -days 2"
                     " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 >/dev/null 2>&1",
                     certificate("key.pem"), certificate("cert.pem"));
    assert_int_equal(system(command), 0);
}

static json_t *mail_number(int number)
{
    const char *path = arena_printf(rig_arena, "%s/%d.json", server_folder, number);
    return json_load_file(path, 0, NULL);
}

static const char *text_of(const json_t *mail, const char *key)
{
    return json_string_value(json_object_get(mail, key));
}

static void wants_mail(const char *login, const char *email)
{
    rig_run(arena_printf(rig_arena, "UPDATE account SET email = '%s', mail = 1 WHERE login = '%s'",
                         email, login));
}

static void remind(const char *minute)
{
    RIG_CTX(ctx, minute);
    rig_good(&ctx, job_remind(&ctx, rig_place.store, &rig_place.office));
}

/* One round; "sent delayed refused". */
static const char *post(const char *minute)
{
    RIG_CTX(ctx, minute);
    struct mail_round round;
    rig_good(&ctx, job_mail(&ctx, rig_place.store, &rig_place.office, &options, &round));
    return arena_printf(rig_arena, "%u %u %u", round.sent, round.delayed, round.refused);
}

static const char *states(void)
{
    return rig_ask("SELECT state, tries FROM mail ORDER BY id", 2);
}

static enum fault add_admin(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    const struct new_account account = {.login = "housing.admin",
                                        .name = "管理员",
                                        .org = "housing",
                                        .password_hash = "-",
                                        .roles = 1u << ROLE_ORG_ADMIN};
    int64_t id = 0;
    return people_account_add(ctx, tx, rig_place.office.region, &account, &id);
}

static int with_complaint(void **state)
{
    int failed = rig_open(state);
    RIG_CTX(ctx, "2023-05-08T08:00");
    rig_good(&ctx, store_write(rig_place.store, &ctx, add_admin, NULL));
    (void)rig_complaint("2023-05-08T09:00", "housing");
    return failed;
}

static int end(void **state)
{
    unserve();
    return rig_close(state);
}

static void a_reminder_is_delivered(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "fang.wang@housing.example");
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "1 0 0");
    assert_string_equal(post("2023-05-10T09:02"), "0 0 0");
    assert_string_equal(states(), "sent 1");
    json_t *mail = mail_number(0);
    assert_non_null(mail);
    const char *reference = rig_ask("SELECT reference FROM matter", 1);
    const char *id = rig_ask("SELECT id FROM matter", 1);
    char link[ID_TEXT];
    id_format(strtoll(id, NULL, 10), link);
    assert_string_equal(json_string_value(json_array_get(json_object_get(mail, "to"), 0)),
                        "fang.wang@housing.example");
    assert_string_equal(text_of(mail, "from"), "liandong@zengdu.example");
    assert_string_equal(text_of(mail, "subject"), "【联动】2条办理提醒");
    const char *text = text_of(mail, "text");
    check_holds(text,
                arena_printf(rig_arena, "%s：“书面告知投诉人”将于2023-05-11到期。", reference));
    check_holds(text, arena_printf(rig_arena, "https://liandong.example/app/matters/%s", link));
    /* Nothing of the case, and nobody's name. */
    assert_null(strstr(text, "学校工程"));
    assert_null(strstr(text, "周八"));
    assert_null(strstr(text, "王芳"));
    assert_int_equal(json_array_size(json_object_get(mail, "defects")), 0);
    assert_true(json_integer_value(json_object_get(mail, "longest")) <= 78);
    assert_true(json_is_true(json_object_get(mail, "ascii")));
    json_decref(mail);
    assert_null(mail_number(1));
}

static void a_delay_is_tried_again(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "later@housing.example");
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "0 1 0");
    assert_string_equal(states(), "waiting 1");
    check_holds(rig_ask("SELECT last_error FROM mail", 1), "451");
    assert_string_equal(post("2023-05-10T09:01"), "0 0 0"); /* Not before its minute has passed. */
    assert_string_equal(post("2023-05-10T09:02"), "1 0 0");
    assert_string_equal(states(), "sent 2");
    json_t *mail = mail_number(0);
    assert_non_null(mail);
    json_decref(mail);
}

static void a_refused_address_is_marked_and_told(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "gone@housing.example");
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "0 0 1");
    assert_string_equal(states(), "bounced 1");
    assert_string_equal(rig_ask("SELECT login FROM account WHERE bounced_ms IS NOT NULL", 1),
                        "housing.handler");
    assert_string_equal(rig_ask("SELECT a.login, b.login FROM message n JOIN account a ON"
                                " a.id = n.account JOIN account b ON b.id = n.about"
                                " WHERE n.kind = 'mail_failed'",
                                2),
                        "housing.admin housing.handler");
    /* The next reminder stays in the application. */
    remind("2023-05-12T09:00");
    assert_string_equal(post("2023-05-12T09:01"), "0 0 0");
    assert_string_equal(states(), "bounced 1");
}

static void a_refused_mail_marks_no_address(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "spam@housing.example");
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "0 0 1");
    assert_string_equal(states(), "failed 1");
    assert_string_equal(rig_ask("SELECT count(bounced_ms) FROM account", 1), "0");
    assert_string_equal(rig_ask("SELECT count(*) FROM message WHERE kind = 'mail_failed'", 1), "1");
}

static void a_server_that_is_away_is_waited_for(void **state)
{
    static const char *const minutes[] = {
        "2023-05-10T09:01", "2023-05-10T09:02", "2023-05-10T09:07", "2023-05-10T09:22",
        "2023-05-10T10:22", "2023-05-10T14:22", "2023-05-11T02:22", "2023-05-12T02:22"};
    (void)state;
    options = (struct mail_options){
        .url = "smtp://127.0.0.1:9", .from = "liandong@zengdu.example", .plain = true};
    wants_mail("housing.handler", "fang.wang@housing.example");
    remind("2023-05-10T09:00");
    for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
        assert_string_equal(states(), i == 0 ? "" : arena_printf(rig_arena, "waiting %zu", i));
        assert_string_equal(post(minutes[i]), "0 1 0");
    }
    assert_string_equal(states(), "failed 8");
    assert_string_equal(post("2023-05-20T02:22"), "0 0 0");
    assert_string_equal(rig_ask("SELECT count(bounced_ms) FROM account", 1), "0");
}

static void encryption_is_insisted_on(void **state)
{
    (void)state;
    wants_mail("housing.handler", "fang.wang@housing.example");
    remind("2023-05-10T09:00");
    /* A server without STARTTLS: nothing is said to it, the recipient's address neither. */
    serve("smtp", NULL);
    assert_string_equal(post("2023-05-10T09:01"), "0 1 0");
    assert_null(mail_number(0));
    const char *commands = arena_printf(rig_arena, "%s/commands", server_folder);
    struct stat status;
    assert_int_equal(stat(commands, &status), 0);
    assert_int_equal(status.st_size, 0);
    unserve();
    /* One whose certificate nobody vouches for. */
    make_certificate();
    const char *const words[] = {"--starttls", certificate("cert.pem"), certificate("key.pem"),
                                 NULL};
    serve("smtp", words);
    assert_string_equal(post("2023-05-10T10:00"), "0 1 0");
    assert_null(mail_number(0));
    /* The same, trusted. */
    options.ca_file = certificate("cert.pem");
    assert_string_equal(post("2023-05-10T11:00"), "1 0 0");
    json_t *mail = mail_number(0);
    assert_true(json_is_true(json_object_get(mail, "tls")));
    json_decref(mail);
}

static void smtps_and_a_password(void **state)
{
    (void)state;
    make_certificate();
    const char *const words[] = {"--smtps",
                                 certificate("cert.pem"),
                                 certificate("key.pem"),
                                 "--auth",
                                 "liandong",
                                 "geheim 口令",
                                 NULL};
    serve("smtps", words);
    options.ca_file = certificate("cert.pem");
    options.user = "liandong";
    options.password = "wrong";
    wants_mail("housing.handler", "fang.wang@housing.example");
    remind("2023-05-10T09:00");
    /* A wrong password is the office's mistake: the address keeps its good name. */
    assert_string_equal(post("2023-05-10T09:01"), "0 1 0");
    assert_string_equal(rig_ask("SELECT count(bounced_ms) FROM account", 1), "0");
    options.password = "geheim 口令";
    assert_string_equal(post("2023-05-10T10:00"), "1 0 0");
    json_t *mail = mail_number(0);
    assert_string_equal(text_of(mail, "user"), "liandong");
    assert_true(json_is_true(json_object_get(mail, "tls")));
    json_decref(mail);
}

static void *post_there(void *arg)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct mail_round *round = arg;
    ctx_init(&ctx, arena, rig_minute("2023-05-10T09:01"));
    return job_mail(&ctx, rig_place.store, &rig_place.office, &options, round) == FAULT_NONE
               ? NULL
               : rig_folder;
}

static void two_processes_send_each_once(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    static const char *const bodies[] = {"transport", "water", "agriculture"};
    for (size_t i = 0; i < 3; i++) {
        (void)rig_complaint("2023-05-08T09:00", bodies[i]);
        wants_mail(arena_printf(rig_arena, "%s.handler", bodies[i]),
                   arena_printf(rig_arena, "%s@example.cn", bodies[i]));
    }
    wants_mail("housing.handler", "housing@example.cn");
    remind("2023-05-10T09:00");
    struct mail_round here;
    struct mail_round there;
    pthread_t thread;
    void *result = NULL;
    assert_int_equal(pthread_create(&thread, NULL, post_there, &there), 0);
    assert_null(post_there(&here));
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_null(result);
    assert_int_equal(here.sent + there.sent, 4);
    json_t *mail = mail_number(3);
    assert_non_null(mail);
    json_decref(mail);
    assert_null(mail_number(4));
}

/* A claim that was never settled is taken over after ten minutes; not before. */
static void a_process_that_died_is_succeeded(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "later@housing.example");
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "0 1 0");
    rig_run(arena_printf(rig_arena, "UPDATE mail SET state = 'sending', next_try_ms = %lld",
                         (long long)rig_minute("2023-05-10T09:11")));
    assert_string_equal(post("2023-05-10T09:10"), "0 0 0");
    assert_string_equal(post("2023-05-10T09:11"), "1 0 0");
}

static void many_make_one_mail(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "fang.wang@housing.example");
    for (int i = 0; i < 30; i++) {
        (void)rig_complaint("2023-05-08T09:00", "housing");
    }
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "1 0 0");
    json_t *mail = mail_number(0);
    assert_string_equal(text_of(mail, "subject"), "【联动】62条办理提醒");
    check_holds(text_of(mail, "text"), "50. ");
    check_holds(text_of(mail, "text"), "另有12条");
    json_decref(mail);
}

/* Who no longer sees the matter is not told of it, though the message waits. */
static void what_is_no_longer_seen_is_not_mailed(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "fang.wang@housing.example");
    remind("2023-05-10T09:00");
    rig_run("UPDATE account SET org = 'water' WHERE login = 'housing.handler'");
    assert_string_equal(post("2023-05-10T09:01"), "0 0 0");
    assert_string_equal(states(), "failed 1");
    assert_null(mail_number(0));
}

/* ---- Without a server ---- */

static void addresses_that_could_end_a_header_are_none(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b", "fang.wang@housing.example", "x+y_z-1@a-b.c1.cn",
                                       "o'neil@example.org"};
    static const char *const bad[] = {"",
                                      "a",
                                      "@b",
                                      "a@",
                                      "a@b.",
                                      "a@.b",
                                      "a@b..c",
                                      ".a@b",
                                      "a.@b",
                                      "a..b@c",
                                      "a b@c",
                                      "a@b c",
                                      "a@b\r\nBcc: x@y",
                                      "a\r\n@b",
                                      "a\n@b",
                                      "<a@b>",
                                      "a@b>",
                                      "a,c@b",
                                      "\"a\"@b",
                                      "a@-b.c",
                                      "a@b-.c",
                                      "a@b-",
                                      "王@b.cn",
                                      "a@例.cn",
                                      "a@[127.0.0.1]"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(people_email_good(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (people_email_good(bad[i])) {
            fail_msg("taken: %s", bad[i]);
        }
    }
    char longest[300];
    memset(longest, 'a', sizeof longest);
    memcpy(longest + 64, "@b", 3);
    assert_true(people_email_good(longest));
    longest[64] = 'a';
    memcpy(longest + 65, "@b", 3);
    assert_false(people_email_good(longest));
}

static void headers_are_encoded_in_short_words(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer text;
    buffer_init(&text, arena);
    mail_header(&text, "Subject", "plain words");
    assert_string_equal(text.data, "Subject: plain words\r\n");
    buffer_init(&text, arena);
    mail_header(&text, "Subject", "一\r\nBcc: x@y");
    assert_string_equal(text.data, "Subject: =?UTF-8?B?5LiADQpCY2M6IHhAeQ==?=\r\n");
    buffer_init(&text, arena);
    mail_header(&text, "Subject", "x\r\nBcc: x@y");
    assert_null(strstr(text.data, "\r\nBcc"));
    buffer_init(&text, arena);
    mail_header(&text, "Subject",
                "工作日历更新：“书面告知投诉人”的到期日由2027-01-04改为2027-01-05，请查看。");
    for (const char *line = text.data; *line != 0;) {
        size_t length = strcspn(line, "\r");
        assert_true(length <= 9 + 75);
        assert_true(line == text.data || (line[0] == ' ' && length <= 76));
        line += length + 2;
    }
}

static void servers_are_named_properly(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    static const struct {
        const char *url, *from;
        enum fault fault;
    } rows[] = {
        {"smtp://mail.example:587", "a@b.cn", FAULT_NONE},
        {"smtps://mail.example", "a@b.cn", FAULT_NONE},
        {"http://mail.example", "a@b.cn", FAULT_INVALID_FIELD},
        {"mail.example", "a@b.cn", FAULT_INVALID_FIELD},
        {"smtp://user:secret@mail.example", "a@b.cn", FAULT_INVALID_FIELD},
        {"smtp://mail.example", "a b", FAULT_INVALID_FIELD},
        {"smtp://mail.example", NULL, FAULT_INVALID_FIELD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct mail_options given = {.url = rows[i].url, .from = rows[i].from};
        assert_int_equal(mail_options_check(&ctx, &given), rows[i].fault);
    }
}

/* In the language in which the settings were saved. */
static void mail_in_english(void **state)
{
    (void)state;
    serve("smtp", NULL);
    options.plain = true;
    wants_mail("housing.handler", "fang.wang@housing.example");
    rig_run("UPDATE account SET mail_lang = 'en' WHERE login = 'housing.handler'");
    remind("2023-05-10T09:00");
    assert_string_equal(post("2023-05-10T09:01"), "1 0 0");
    json_t *mail = mail_number(0);
    assert_non_null(mail);
    const char *reference = rig_ask("SELECT reference FROM matter", 1);
    assert_string_equal(text_of(mail, "subject"), "[Liandong] 2 reminders");
    check_holds(text_of(mail, "text"),
                arena_printf(rig_arena, "%s: 'Written notice' is due 2023-05-11.", reference));
    check_holds(text_of(mail, "text"), "Sign in: https://liandong.example/app");
    json_decref(mail);
}

int main(int argc, char **argv)
{
    rig_main(argc, argv);
#define WITH(test) cmocka_unit_test_setup_teardown(test, with_complaint, end)
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(addresses_that_could_end_a_header_are_none),
        cmocka_unit_test(headers_are_encoded_in_short_words),
        cmocka_unit_test(servers_are_named_properly),
        WITH(a_server_that_is_away_is_waited_for),
    };
    const struct CMUnitTest served[] = {
        WITH(a_reminder_is_delivered),
        WITH(mail_in_english),
        WITH(a_delay_is_tried_again),
        WITH(a_refused_address_is_marked_and_told),
        WITH(a_refused_mail_marks_no_address),
        WITH(encryption_is_insisted_on),
        WITH(smtps_and_a_password),
        WITH(two_processes_send_each_once),
        WITH(a_process_that_died_is_succeeded),
        WITH(many_make_one_mail),
        WITH(what_is_no_longer_seen_is_not_mailed),
    };
    int failed = cmocka_run_group_tests(plain, NULL, NULL);
    if (!can_serve()) {
        (void)puts("SKIPPED: python3-aiosmtpd is not installed (script/bootstrap --test)");
        return failed != 0 ? failed : SKIPPED;
    }
    return failed + cmocka_run_group_tests(served, NULL, NULL);
}
