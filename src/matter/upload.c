/* Files on disk, named by digest, complete before any row refers to them. */
#include "base/file.h"
#include "base/id.h"
#include "base/text.h"
#include "matter/record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *matter_file_path(struct arena *arena, const struct office *office, const char *sha256)
{
    return arena_printf(arena, "%s/%.2s/%s", office->files_dir, sha256, sha256 + 2);
}

enum fault matter_file_keep(struct ctx *ctx, const struct office *office, const char *path,
                            const struct digest *digest)
{
    char sha256[DIGEST_HEX];
    text_hex(digest->sha256, DIGEST_BYTES, sha256);
    const char *folder = arena_printf(ctx->arena, "%s/%.2s", office->files_dir, sha256);
    enum fault fault = file_make_folder(ctx, folder, 0700);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *place = matter_file_path(ctx->arena, office, sha256);
    if (rename(path, place) != 0) {
        return ctx_fail(ctx, errno == ENOSPC ? FAULT_STORE_FULL : FAULT_IO_FAILED,
                        "The file could not be stored.", "文件保存失败。");
    }
    return file_sync_folder(ctx, folder);
}

enum fault matter_upload_add(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct new_upload *upload = arg;
    upload->ret_id = id_make(ctx->now_ms);
    char sha256[DIGEST_HEX];
    char sm3[DIGEST_HEX];
    text_hex(upload->digest.sha256, DIGEST_BYTES, sha256);
    text_hex(upload->digest.sm3, DIGEST_BYTES, sm3);
    struct sql_value account = ctx->actor->account == 0 ? sql_null() : sql_int(ctx->actor->account);
    return sql_run(tx, ctx,
                   "INSERT INTO upload (region, id, account, name, media_type, bytes, sha256, sm3,"
                   " created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   SQL_ARGS(sql_int(upload->region), sql_int(upload->ret_id), account,
                            sql_text(upload->name), sql_text(upload->media_type),
                            sql_int(upload->bytes), sql_text(sha256), sql_text(sm3),
                            sql_int(ctx->now_ms)),
                   NULL);
}
