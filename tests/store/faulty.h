#pragma once
/*
 * A driver around the real one whose n-th call fails on demand. One for the whole program; calls of
 * all threads are counted together.
 */
#include "store/driver.h"

enum faulty_mode {
    FAULTY_CALL,    /* The call does nothing and fails: connect, statement, row or COMMIT. */
    FAULTY_ENDED,   /* The statement fails, and the database has ended the whole transaction. */
    FAULTY_LOST,    /* The connection is gone, and with it the open transaction. */
    FAULTY_UNKNOWN, /* COMMIT is carried out, but the connection breaks before its answer. */
    FAULTY_MODES
};

/* Wraps the driver for a URL; calls pass until faulty_arm. */
const struct store_driver *faulty_driver(const char *url);
/* The n-th call from now (from 1) that the mode concerns fails. */
void faulty_arm(enum faulty_mode mode, unsigned n);
/* Calls pass again. True if the fault happened. */
bool faulty_disarm(void);
