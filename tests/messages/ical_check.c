/* Reads a calendar feed on standard input as a calendar program would: libical parses it and checks
 * it against the rules of RFC 5545. Prints each event; ends with 1 if anything is wrong. */
#include <libical/ical.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int print_event(icalcomponent *event)
{
    icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    const char *uid = icalcomponent_get_uid(event);
    const char *summary = icalcomponent_get_summary(event);
    struct icaltimetype stamp = icalcomponent_get_dtstamp(event);
    if (start == NULL || uid == NULL || summary == NULL || icaltime_is_null_time(stamp)) {
        return 1;
    }
    struct icaltimetype from = icalproperty_get_dtstart(start);
    struct icaltimetype to = icalcomponent_get_dtend(event);
    char *from_text = icaltime_as_ical_string_r(from);
    char *to_text = icaltime_as_ical_string_r(to);
    char *stamp_text = icaltime_as_ical_string_r(stamp);
    (void)printf("%s|%s|%s|%s|%s\n", uid, from_text, to_text, stamp_text, summary);
    free(from_text);
    free(to_text);
    free(stamp_text);
    return 0;
}

int main(void)
{
    static char text[1 << 22];
    size_t count = fread(text, 1, sizeof text - 1, stdin);
    text[count] = 0;
    icalerror_set_errors_are_fatal(false);
    icalcomponent *calendar = icalparser_parse_string(text);
    if (calendar == NULL || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) {
        (void)fputs("no calendar\n", stderr);
        return 1;
    }
    int wrong = icalrestriction_check(calendar) ? 0 : 1;
    wrong += icalcomponent_count_errors(calendar);
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        wrong += print_event(event);
    }
    icalcomponent_free(calendar);
    return wrong == 0 ? 0 : 1;
}
