#pragma once
/*
 * Wakes a thread that waits for work. Who makes work marks the bell inside his transaction (cheap);
 * whoever sees a commit rings it, and while a mark is fresh the ring is heard. Which commit made
 * the marked work durable nobody knows, so every one within some seconds wakes the thread, and a
 * commit that nobody here sees (another process's) is found by looking each second that long.
 * Thread-safe; one thread waits.
 */
#include <stdbool.h>
#include <stdint.h>

struct bell;

struct bell *bell_create(void);
void bell_destroy(struct bell *bell);
/* There will be work, if what is being done succeeds. */
void bell_mark(struct bell *bell);
/* Wakes the waiting thread if the bell was marked lately. */
void bell_ring(struct bell *bell);
/* Wakes it for good: bell_wait returns false from now on. */
void bell_stop(struct bell *bell);
/* Waits until there may be work, at most so long. False if the bell was stopped. */
bool bell_wait(struct bell *bell, int64_t most_ms);
