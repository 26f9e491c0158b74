#pragma once
/* The two languages people are spoken to in, and a text in both. Values are never NULL. */

enum lang { LANG_ZH, LANG_EN };

struct label {
    const char *zh;
    const char *en;
};

static inline const char *label_text(const struct label *label, enum lang lang)
{
    return lang == LANG_EN ? label->en : label->zh;
}
