/* A mail as text: headers, and a body in base64, so that no line is too long for anybody. */
#include "calendar/date.h"
#include "job/mail_inner.h"

#include <sodium.h>
#include <string.h>

/* An encoded word has 75 characters at most: 12 around it, and 4 for each 3 bytes. */
enum { WORD_BYTES = 45, LINE_BYTES = 57 };

static void put_base64(struct buffer *text, const char *bytes, size_t count)
{
    char made[4 * (LINE_BYTES / 3 + 1) + 1];
    (void)sodium_bin2base64(made, sizeof made, (const unsigned char *)bytes, count,
                            sodium_base64_VARIANT_ORIGINAL);
    buffer_text(text, made);
}

static bool is_plain(const char *value)
{
    for (const char *p = value; *p != 0; p++) {
        if (*p < ' ' || *p > '~') {
            return false;
        }
    }
    return strlen(value) < 70 && strstr(value, "=?") == NULL;
}

/* As many bytes as fit a word, ending between characters. */
static size_t whole_characters(const char *text)
{
    size_t count = strlen(text);
    if (count <= WORD_BYTES) {
        return count;
    }
    count = WORD_BYTES;
    while (count > 0 && ((unsigned char)text[count] & 0xc0) == 0x80) {
        count--;
    }
    return count == 0 ? WORD_BYTES : count; /* No UTF-8: cut anywhere. */
}

void mail_header(struct buffer *text, const char *name, const char *value)
{
    buffer_printf(text, "%s:", name);
    if (is_plain(value)) {
        buffer_printf(text, " %s\r\n", value);
        return;
    }
    for (const char *p = value; *p != 0;) {
        size_t count = whole_characters(p);
        buffer_text(text, p == value ? " =?UTF-8?B?" : "\r\n =?UTF-8?B?");
        put_base64(text, p, count);
        buffer_text(text, "?=");
        p += count;
    }
    buffer_text(text, "\r\n");
}

/* "Mon, 02 Mar 2026 09:00:00 +0800" */
static const char *mail_date(struct arena *arena, int64_t now_ms)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t date = date_of_ms(now_ms);
    int64_t seconds = (now_ms - date_start_ms(date)) / 1000;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date, &year, &month, &day);
    return arena_printf(arena, "%s, %02u %s %d %02d:%02d:%02d +0800", days[date_weekday(date)], day,
                        months[month - 1], year, (int)(seconds / 3600), (int)(seconds / 60 % 60),
                        (int)(seconds % 60));
}

static void put_headers(const struct mail_options *options, const struct letter *letter,
                        int64_t now_ms, struct buffer *text)
{
    bool en = letter->lang == LANG_EN;
    const char *at = strrchr(options->from, '@');
    size_t count = letter->count + letter->more;
    mail_header(text, "Date", mail_date(text->arena, now_ms));
    buffer_printf(text, "From: <%s>\r\nTo: <%s>\r\n", options->from, letter->email);
    buffer_printf(text, "Message-ID: <%lld.liandong%s>\r\n", (long long)letter->id,
                  at == NULL ? "@localhost" : at);
    mail_header(
        text, "Subject",
        count == 1
            ? arena_printf(text->arena, en ? "[Liandong] %s" : "【联动】%s", letter->lines[0].text)
            : arena_printf(text->arena, en ? "[Liandong] %zu reminders" : "【联动】%zu条办理提醒",
                           count));
    buffer_text(text, "Auto-Submitted: auto-generated\r\n"
                      "MIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=UTF-8\r\n"
                      "Content-Transfer-Encoding: base64\r\n\r\n");
}

static const char *body_of(struct arena *arena, const struct office *office,
                           const struct letter *letter)
{
    bool en = letter->lang == LANG_EN;
    struct buffer body;
    buffer_init(&body, arena);
    for (size_t i = 0; i < letter->count; i++) {
        buffer_printf(&body, "%zu. %s\r\n", i + 1, letter->lines[i].text);
        if (letter->lines[i].link != NULL) {
            buffer_printf(&body, "   %s\r\n", letter->lines[i].link);
        }
        buffer_text(&body, "\r\n");
    }
    if (letter->more > 0) {
        buffer_printf(&body,
                      en ? "And %zu more: sign in to read them.\r\n\r\n"
                         : "另有%zu条，请登录查看。\r\n\r\n",
                      letter->more);
    }
    buffer_printf(
        &body,
        en ? "Sign in: %s/app\r\nThis mail was sent by the system, please don't answer; you can "
             "end it in the settings of reminders.\r\n"
           : "登录：%s/app\r\n本邮件由系统自动发出，请勿回复；"
             "可在登录后的提醒设置中关闭。\r\n",
        office->public_url);
    return body.data;
}

void mail_compose(const struct office *office, const struct mail_options *options,
                  const struct letter *letter, int64_t now_ms, struct buffer *text)
{
    put_headers(options, letter, now_ms, text);
    const char *body = body_of(text->arena, office, letter);
    for (size_t left = strlen(body); left > 0;) {
        size_t count = left < LINE_BYTES ? left : LINE_BYTES;
        put_base64(text, body, count);
        buffer_text(text, "\r\n");
        body += count;
        left -= count;
    }
}
