/* liandong code CODE... [--lang zh|en]: checks unified social credit codes (GB 32100). */
#include "base/credit_code.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

enum { CODES_MAX = 1000 };

int cli_code(int argc, char **argv)
{
    const char *codes[CODES_MAX];
    const char *lang = "zh";
    const struct cli_flag flags[] = {{"--lang", &lang, NULL}};
    size_t count = 0;
    if (!cli_flags(argc, argv, flags, 1, codes, CODES_MAX, &count)) {
        return 2;
    }
    if (count == 0) {
        (void)fputs("liandong code: give at least one code\n", stderr);
        return 2;
    }
    int status = 0;
    for (size_t i = 0; i < count; i++) {
        enum credit_code_mistake mistake = credit_code_check(codes[i]);
        const struct label *label = credit_code_label(mistake);
        if (mistake == CREDIT_CODE_OK) {
            (void)printf("%s ok\n", codes[i]);
        } else {
            (void)printf("%s error: %s\n", codes[i],
                         strcmp(lang, "en") == 0 ? label->en : label->zh);
            status = 1;
        }
    }
    return status;
}
