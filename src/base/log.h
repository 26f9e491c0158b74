#pragma once
/*
 * The log: one line on standard error for each event, `key=value` pairs. Never a body, never a name
 * of a person, never a note. Only http, job, cli and main call it. Thread-safe.
 */
/* `keys` is a format that yields "key=value key=value"; values must hold no spaces or be quoted. */
void log_line(const char *level, const char *keys, ...) __attribute__((format(printf, 2, 3)));
