/* The typesetter in this process: its fonts, and that it is the same every time. */
#include "typeset/fonts.h"

#include "base/file.h"
#include "check.h"
#include "typeset/typeset.h"

static const char *const system_folders[] = {"/usr/share/fonts"};

static struct fonts *open_system(struct ctx *ctx)
{
    struct fonts *fonts = NULL;
    assert_int_equal(fonts_open(ctx, system_folders, 1, &fonts), FAULT_NONE);
    return fonts;
}

/* A machine without fonts says so, in both languages, with what to do. */
static void test_none(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetter *typesetter = NULL;
    const char *const nowhere[] = {"/nowhere", "/dev/null"};
    assert_int_equal(typesetter_create(&ctx, nowhere, 2, &typesetter), FAULT_IO_FAILED);
    check_holds(ctx.note, "No font for: Titles (Xiaobiaosong)");
    check_holds(ctx.note, "--fonts");
    ctx.lang = LANG_ZH;
    assert_int_equal(typesetter_create(&ctx, nowhere, 2, &typesetter), FAULT_IO_FAILED);
    check_holds(ctx.note, "缺少字体：标题（小标宋）（Titles (Xiaobiaosong)）");
}

/* Files that only look like fonts are passed over. */
static void test_broken(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    (void)check_write(ctx.arena, folder, "a.ttf", "no font");
    (void)check_write(ctx.arena, folder, "b.otf", "OTTO\0\0\0\1");
    (void)check_write_bytes(ctx.arena, folder, "c.ttc", "ttcf\0\1\0\0\xff\xff\xff\xff", 12);
    (void)check_write(ctx.arena, folder, "d.ttf", "");
    const char *const folders[] = {folder, system_folders[0]};
    struct fonts *with = NULL;
    struct fonts *without = open_system(&ctx);
    assert_int_equal(fonts_open(&ctx, folders, 2, &with), FAULT_NONE);
    assert_string_equal(with->digest, without->digest);
    fonts_close(with);
    fonts_close(without);
    check_folder_remove(folder);
}

/* Every role has a first face; a character is served by the first face of its role that has it. */
static void test_roles(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct fonts *fonts = open_system(&ctx);
    uint32_t glyph = 0;
    for (unsigned role = 0; role < ROLES_COUNT; role++) {
        const struct face *face = fonts_face(fonts, (enum role)role, 0x56FD, &glyph);
        assert_ptr_equal(face, fonts->chain[role][0]);
        assert_int_not_equal(glyph, 0);
        assert_null(fonts_face(fonts, (enum role)role, 0x0E01, &glyph));
        /* The optical middle lies between a quarter and a half of the size. */
        assert_in_range(face->centre * 1000 / (int)face->upem, 250, 500);
    }
    assert_true(fonts->chain[ROLE_TITLE][0]->weight >= 600);
    const struct face *comma = fonts_face(fonts, ROLE_FANG, 0xFF0C, &glyph);
    assert_false(comma->centred);
    fonts_close(fonts);
}

/* A comma's ink is at the left of its square, a full-width square is as wide as the size. */
static void test_ink(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct fonts *fonts = open_system(&ctx);
    uint32_t glyph = 0;
    const struct face *face = fonts_face(fonts, ROLE_HEI, 0xFF0C, &glyph);
    struct face_ink ink = face_ink(face, glyph, 10000);
    assert_in_range(ink.left, 0, 3000);
    assert_in_range(ink.right, ink.left + 500, 5000);
    assert_true(ink.bottom < 0 && ink.top < 3000);
    assert_int_equal(face_advance(face, glyph, 10000), 10000);
    fonts_close(fonts);
}

/* Two typesetters, and one typesetter twice with others in between, give the same bytes. */
static void test_same(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetter *first = NULL;
    struct typesetter *second = NULL;
    char *letter = NULL;
    char *file = NULL;
    size_t letter_count = 0;
    size_t file_count = 0;
    struct typeset_result results[4];
    assert_int_equal(file_read(&ctx, SOURCE_DIR "/tests/typeset/content/letter.json", 1 << 20,
                               &letter, &letter_count),
                     FAULT_NONE);
    assert_int_equal(
        file_read(&ctx, SOURCE_DIR "/tests/typeset/content/file.json", 1 << 20, &file, &file_count),
        FAULT_NONE);
    assert_int_equal(typesetter_create(&ctx, system_folders, 1, &first), FAULT_NONE);
    assert_int_equal(typesetter_create(&ctx, system_folders, 1, &second), FAULT_NONE);
    for (unsigned format = TYPESET_PDF; format <= TYPESET_OFD; format++) {
        const struct typesetter *turns[] = {first, first, second, first};
        for (unsigned i = 0; i < 4; i++) {
            bool other = i == 1;
            assert_int_equal(typesetter_set(turns[i], &ctx, other ? file : letter,
                                            other ? file_count : letter_count,
                                            (enum typeset_format)format, &results[i]),
                             FAULT_NONE);
        }
        for (unsigned i = 2; i < 4; i++) {
            assert_int_equal(results[i].count, results[0].count);
            assert_memory_equal(results[i].bytes, results[0].bytes, results[0].count);
            assert_string_equal(results[i].fonts, results[0].fonts);
        }
        assert_int_not_equal(results[1].count, results[0].count);
    }
    typesetter_destroy(first);
    typesetter_destroy(second);
}

static void test_report(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetter *typesetter = NULL;
    struct buffer text;
    buffer_init(&text, ctx.arena);
    assert_int_equal(typesetter_create(&ctx, system_folders, 1, &typesetter), FAULT_NONE);
    typesetter_report(typesetter, LANG_EN, &text);
    check_holds(text.data, "Body (Fangsong)");
    check_holds(text.data, "* Noto Sans CJK SC Regular");
    check_holds(text.data, "missing: ");
    check_holds(text.data, "set ");
    typesetter_destroy(typesetter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none), cmocka_unit_test(test_broken), cmocka_unit_test(test_roles),
        cmocka_unit_test(test_ink),  cmocka_unit_test(test_same),   cmocka_unit_test(test_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
