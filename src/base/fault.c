#include "base/fault.h"

#include <assert.h>
#include <stddef.h>

struct fault_row {
    enum fault fault;
    int status;
    const char *name;
    const char *en;
    const char *zh;
};

static const struct fault_row fault_rows[] = {
#define FAULT(name, number, status, en, zh) {FAULT_##name, status, #name, en, zh},
#include "base/tbl/fault.h"
#undef FAULT
    {FAULT_NONE, 200, "NONE", "No fault.", "成功。"},
};

static const struct fault_row *row_of(enum fault fault)
{
    for (size_t i = 0; i < sizeof fault_rows / sizeof fault_rows[0]; i++) {
        if (fault_rows[i].fault == fault) {
            return &fault_rows[i];
        }
    }
    assert(!"a fault outside the table");
    return NULL;
}

int fault_status(enum fault fault)
{
    return row_of(fault)->status;
}

const char *fault_name(enum fault fault)
{
    return row_of(fault)->name;
}

const char *fault_meaning_en(enum fault fault)
{
    return row_of(fault)->en;
}

const char *fault_meaning_zh(enum fault fault)
{
    return row_of(fault)->zh;
}
