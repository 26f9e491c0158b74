/* Handing one mail to the server, by libcurl. */
#include "job/mail_inner.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const long connect_seconds = 10;
static const long whole_seconds = 60;

/* How far the talk has come: an answer means something else after each command. */
enum stage { STAGE_BEFORE, STAGE_RECIPIENT, STAGE_CONTENT };

struct talk {
    const struct buffer *text;
    size_t given;
    enum stage stage;
    const atomic_bool *stop;
};

static size_t give(char *ret_bytes, size_t size, size_t count, void *arg)
{
    struct talk *talk = arg;
    size_t left = talk->text->count - talk->given;
    size_t bytes = left < size * count ? left : size * count;
    memcpy(ret_bytes, talk->text->data + talk->given, bytes);
    talk->given += bytes;
    return bytes;
}

/* Sees each command that goes out. */
static int watch(CURL *curl, curl_infotype type, char *data, size_t size, void *arg)
{
    struct talk *talk = arg;
    (void)curl;
    if (type == CURLINFO_HEADER_OUT && size >= 7 && strncasecmp(data, "RCPT TO", 7) == 0) {
        talk->stage = STAGE_RECIPIENT;
    } else if (type == CURLINFO_HEADER_OUT && size >= 4 && strncasecmp(data, "DATA", 4) == 0) {
        talk->stage = STAGE_CONTENT;
    }
    return 0;
}

static int go_on(void *arg, curl_off_t down, curl_off_t downed, curl_off_t up, curl_off_t upped)
{
    const struct talk *talk = arg;
    (void)down;
    (void)downed;
    (void)up;
    (void)upped;
    return talk->stop != NULL && atomic_load(talk->stop) ? 1 : 0;
}

static void begin_curl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void set_server(CURL *curl, const struct mail_options *options)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL, options->url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* Not what the environment says. */
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL,
                           (long)(options->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (options->ca_file != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (options->password != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_USERNAME,
                               options->user == NULL ? options->from : options->user);
        (void)curl_easy_setopt(curl, CURLOPT_PASSWORD, options->password);
    }
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, whole_seconds);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

static void set_talk(CURL *curl, struct talk *talk)
{
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, talk);
    (void)curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* Without it nothing is watched. */
    (void)curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
    (void)curl_easy_setopt(curl, CURLOPT_DEBUGDATA, talk);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, talk);
}

/* 530 to 538 speak of signing in and encryption: the office's to mend, not the address's. */
static enum verdict judge(CURLcode result, long code, enum stage stage)
{
    if (result == CURLE_OK) {
        return VERDICT_SENT;
    }
    if (code < 500 || code > 599 || (code >= 530 && code <= 538)) {
        return VERDICT_LATER;
    }
    return stage == STAGE_RECIPIENT ? VERDICT_BOUNCED
           : stage == STAGE_CONTENT ? VERDICT_REFUSED
                                    : VERDICT_LATER;
}

struct answer mail_send(const struct mail_options *options, const char *to,
                        const struct buffer *text, const atomic_bool *stop)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, begin_curl);
    CURL *curl = curl_easy_init();
    struct talk talk = {.text = text, .stop = stop};
    const char *from = arena_printf(text->arena, "<%s>", options->from);
    struct curl_slist *recipients = curl_slist_append(NULL, arena_printf(text->arena, "<%s>", to));
    if (curl == NULL || recipients == NULL) {
        abort();
    }
    set_server(curl, options);
    set_talk(curl, &talk);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    CURLcode result = curl_easy_perform(curl);
    struct answer answer = {.word = curl_easy_strerror(result)};
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.code);
    answer.verdict = judge(result, answer.code, talk.stage);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return answer;
}
