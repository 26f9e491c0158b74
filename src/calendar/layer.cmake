layer(calendar USES base FACE calendar.h date.h)
