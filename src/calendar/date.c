#include "calendar/date.h"

#include <assert.h>
#include <stdio.h>

static const int64_t day_ms = 86400000;
static const int64_t beijing_ms = 8 * 3600 * 1000;

int64_t date_start_ms(int32_t date)
{
    return date * day_ms - beijing_ms;
}

int32_t date_of_ms(int64_t time_ms)
{
    int64_t local = time_ms + beijing_ms;
    int64_t day = local / day_ms;
    return (int32_t)(local % day_ms < 0 ? day - 1 : day);
}

/* Civil date and day number: the era method, 400 years of 146097 days, years begin in March. */
int32_t date_join(int year, unsigned month, unsigned day)
{
    assert(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    int shifted = month <= 2 ? year - 1 : year;
    int era = shifted / 400;
    unsigned year_of_era = (unsigned)(shifted - era * 400);
    unsigned day_of_year = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int32_t)day_of_era - 719468;
}

void date_split(int32_t date, int *ret_year, unsigned *ret_month, unsigned *ret_day)
{
    int32_t shifted = date + 719468;
    int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    unsigned day_of_era = (unsigned)(shifted - era * 146097);
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned month = (5 * day_of_year + 2) / 153;
    *ret_day = day_of_year - (153 * month + 2) / 5 + 1;
    *ret_month = month < 10 ? month + 3 : month - 9;
    *ret_year = (int)year_of_era + era * 400 + (*ret_month <= 2 ? 1 : 0);
}

/* Reads exactly `count` digits. */
static bool digits(const char *text, unsigned count, unsigned *ret_value)
{
    unsigned value = 0;
    for (unsigned i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *ret_value = value;
    return true;
}

/* The first ten characters; what follows is not looked at. */
static bool parse_day(const char *text, int32_t *ret_date)
{
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    bool form = digits(text, 4, &year) && text[4] == '-' && digits(text + 5, 2, &month) &&
                text[7] == '-' && digits(text + 8, 2, &day);
    if (!form || year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    int32_t date = date_join((int)year, month, day);
    int back_year = 0;
    unsigned back_month = 0;
    unsigned back_day = 0;
    date_split(date, &back_year, &back_month, &back_day);
    if (back_month != month || back_day != day) {
        return false; /* 30 February. */
    }
    *ret_date = date;
    return true;
}

bool date_parse(const char *text, int32_t *ret_date)
{
    int32_t date = 0;
    if (!parse_day(text, &date) || text[DATE_TEXT - 1] != 0) {
        return false;
    }
    *ret_date = date;
    return true;
}

static char *put_digits(char *at, unsigned value, unsigned count)
{
    for (unsigned i = count; i > 0; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

void date_format(int32_t date, char ret_text[DATE_TEXT])
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date, &year, &month, &day);
    assert(year >= 0 && year <= 9999);
    char *at = put_digits(ret_text, (unsigned)year, 4);
    *at++ = '-';
    at = put_digits(at, month, 2);
    *at++ = '-';
    at = put_digits(at, day, 2);
    *at = 0;
}

bool minute_parse(const char *text, int64_t *ret_ms)
{
    int32_t date = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    bool form = parse_day(text, &date) && text[10] == 'T' && digits(text + 11, 2, &hour) &&
                text[13] == ':' && digits(text + 14, 2, &minute) && text[16] == 0;
    if (!form || hour > 23 || minute > 59) {
        return false;
    }
    *ret_ms = date_start_ms(date) + (int64_t)(hour * 60 + minute) * 60000;
    return true;
}

void minute_format(int64_t time_ms, char ret_text[MINUTE_TEXT])
{
    int32_t date = date_of_ms(time_ms);
    unsigned minutes = (unsigned)((time_ms - date_start_ms(date)) / 60000);
    date_format(date, ret_text);
    ret_text[10] = 'T';
    char *at = put_digits(ret_text + 11, minutes / 60, 2);
    *at++ = ':';
    at = put_digits(at, minutes % 60, 2);
    *at = 0;
}

unsigned date_weekday(int32_t date)
{
    /* Day 0 was a Thursday. */
    int32_t weekday = (date + 3) % 7;
    return (unsigned)(weekday < 0 ? weekday + 7 : weekday);
}
