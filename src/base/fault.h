#pragma once
/*
 * How operations fail. FAULT_NONE (0) is success. Refusals and outside failures are returned as a
 * fault with a note in the ctx; bugs are assertions; no memory aborts (docs: style, "Failing").
 */

enum fault {
    FAULT_NONE = 0,
#define FAULT(name, number, status, en, zh) FAULT_##name = (number),
#include "base/tbl/fault.h"
#undef FAULT
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* The HTTP status for a fault; 200 for FAULT_NONE. Asserts that the fault exists. */
int fault_status(enum fault fault);
/* The name as programs read it: "INVALID_FIELD". Static. */
const char *fault_name(enum fault fault);
/* The meaning in English and in Chinese. Static. */
const char *fault_meaning_en(enum fault fault);
const char *fault_meaning_zh(enum fault fault);
