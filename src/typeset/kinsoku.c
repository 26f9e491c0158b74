/* Which characters may stand where in a line (GB/T 15834, and what printers have always done). */
#include "base/text.h"
#include "typeset/compose.h"

static bool is_in(uint32_t code, const char *set)
{
    for (uint32_t each = text_next(&set); each != 0; each = text_next(&set)) {
        if (each == code) {
            return true;
        }
    }
    return false;
}

bool may_not_begin(uint32_t code)
{
    return is_in(code, "，。、；：？！）》〉」』】〕”’…—·％‰℃％,.;:?!)]}%°々〗〞～");
}

bool may_not_end(uint32_t code)
{
    return is_in(code, "（《〈「『【〔“‘〖〝￥＄([{$￡#");
}

bool is_wide(uint32_t code, enum lang lang)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x2460, 0x24FF}, {0x2E80, 0xA4CF}, {0xF900, 0xFAFF},  {0xFE30, 0xFE4F},
                  {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x20000, 0x3FFFD}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    /* Shared with European writing, where they are narrow. */
    return lang == LANG_ZH && is_in(code, "“”‘’—…");
}
