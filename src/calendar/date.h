#pragma once
/*
 * Days as numbers: day 0 is 1970-01-01. All days are Beijing days (UTC+8 all year; the zone had no
 * summer time after 1991). Values, no memory, any thread.
 */
#include <stdbool.h>
#include <stdint.h>

enum { DATE_TEXT = 11, MINUTE_TEXT = 17 };

/* Midnight (00:00 Beijing) at the start of the day, in ms since 1970 UTC. */
int64_t date_start_ms(int32_t date);
/* The Beijing day in which the moment lies. */
int32_t date_of_ms(int64_t time_ms);
/* "2021-09-17". Exactly this form and a day that exists; years 1900 to 2200. */
bool date_parse(const char *text, int32_t *ret_date);
void date_format(int32_t date, char ret_text[DATE_TEXT]);
/* "2021-09-17T16:40", Beijing time, from and to ms. */
bool minute_parse(const char *text, int64_t *ret_ms);
void minute_format(int64_t time_ms, char ret_text[MINUTE_TEXT]);
/* 0 Monday ... 6 Sunday. */
unsigned date_weekday(int32_t date);
void date_split(int32_t date, int *ret_year, unsigned *ret_month, unsigned *ret_day);
int32_t date_join(int year, unsigned month, unsigned day);
