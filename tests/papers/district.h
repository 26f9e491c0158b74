#pragma once
/* A district of one's own: bodies, accounts, complaints, and the steps of papers as anybody. */
#include "cli/office.h"
#include "job/paper.h"
#include "matter/paper.h"

struct district {
    struct workplace place;
    char folder[32];
    const char *url; /* So that it can be opened again. */
    int64_t upload;  /* Goes with the next action; 0: none. */
};

/* `which`: sqlite (a file) or postgres. Aborts if it can't be made. */
void district_open(struct district *district, const char *which, const char *rulebook,
                   int64_t now_ms);
/* As if the program had ended and been started again. */
void district_reopen(struct district *district, int64_t now_ms);
void district_close(struct district *district);

/* A ctx as somebody: a login, or "public" for who holds the code of `matter`. */
void district_ctx(struct district *district, struct ctx *ctx, struct arena *arena,
                  const char *login, int64_t matter, int64_t now_ms);
/* A complaint with this subject, filed by the public. */
int64_t district_complaint(struct district *district, const char *subject, int64_t now_ms);
/* A file that the next action brings. */
void district_upload(struct district *district, const char *login, const char *name,
                     int64_t now_ms);
/* An action with facts code, value, ... NULL. */
enum fault district_act(struct district *district, const char *login, int64_t matter,
                        const char *action, int64_t now_ms, ...);
/* The child that was opened last. */
int64_t district_child(struct district *district, int64_t parent);
/* The papers of a matter as somebody sees them, in the ctx's arena. */
size_t district_papers(struct district *district, struct ctx *ctx, int64_t matter,
                       struct paper **ret_papers);
/* One number from the database; the statement takes none or one number. */
int64_t district_count(struct district *district, const char *statement, int64_t argument);
