/* The two ways to run a target: as libFuzzer's entry, or over files and folders given as arguments.
 */
#include "fuzz.h"

#ifdef LIANDONG_FUZZ

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    static bool begun;
    if (!begun) {
        begun = true;
        fuzz_begin();
    }
    fuzz_one((const char *)data, count);
    return 0;
}

#else

#include <dirent.h>
#include <sys/stat.h>

enum { INPUT_BYTES_MAX = 1 << 20 };

static unsigned replayed;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    /* One byte for each, so that a sanitizer sees reading past the end. */
    char *buffer = malloc(INPUT_BYTES_MAX);
    if (file == NULL || buffer == NULL) {
        (void)fprintf(stderr, "can not read %s\n", path);
        exit(2);
    }
    size_t count = fread(buffer, 1, INPUT_BYTES_MAX, file);
    (void)fclose(file);
    char *exact = malloc(count == 0 ? 1 : count);
    if (exact == NULL) {
        abort();
    }
    memcpy(exact, buffer, count);
    free(buffer);
    fuzz_one(exact, count);
    free(exact);
    replayed++;
}

static void replay(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        replay_file(path);
        return;
    }
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char name[4096];
        if (entry->d_name[0] != '.' &&
            snprintf(name, sizeof name, "%s/%s", path, entry->d_name) < (int)sizeof name) {
            replay(name);
        }
    }
    (void)closedir(dir);
}

int main(int argc, char **argv)
{
    fuzz_begin();
    for (int i = 1; i < argc; i++) {
        replay(argv[i]);
    }
    (void)printf("%u inputs\n", replayed);
    return replayed == 0 ? 2 : 0;
}

#endif
