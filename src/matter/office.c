/* The secret keys of an office: files beside the database, never in it. */
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "matter/matter.h"

#include <string.h>
#include <unistd.h>

static enum fault load_key(struct ctx *ctx, const char *path, bool make, uint8_t ret_key[KEY_BYTES])
{
    char hex[2 * KEY_BYTES + 1];
    if (make && access(path, F_OK) != 0) {
        random_bytes(ret_key, KEY_BYTES);
        text_hex(ret_key, KEY_BYTES, hex);
        return file_write(ctx, path, hex, 2 * (size_t)KEY_BYTES, 0600);
    }
    char *data = NULL;
    size_t count = 0;
    enum fault fault = file_read(ctx, path, 200, &data, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    data[strcspn(data, "\r\n")] = 0;
    if (!text_unhex(data, ret_key, KEY_BYTES)) {
        return ctx_fail(ctx, FAULT_IO_FAILED, "%s: a key of 64 hex digits is expected.",
                        "%s：应为64位十六进制密钥。", path);
    }
    return FAULT_NONE;
}

enum fault office_keys_load(struct ctx *ctx, const char *data_dir, bool make, struct office *office)
{
    const char *folder = arena_printf(ctx->arena, "%s/keys", data_dir);
    enum fault fault = make ? file_make_folder(ctx, folder, 0700) : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = load_key(ctx, arena_printf(ctx->arena, "%s/vault.key", folder), make,
                         office->vault_key);
    }
    if (fault == FAULT_NONE) {
        fault =
            load_key(ctx, arena_printf(ctx->arena, "%s/code.key", folder), make, office->code_key);
    }
    return fault;
}
