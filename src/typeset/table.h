#pragma once
/* Tables in the flow: each row of the flow is one table row, or a part of one that is longer than a
 * page. The head stands again at the top of each page the table goes on to. */
#include "typeset/compose.h"

/* Adds the table to the flow. */
enum fault table_rows(struct composer *composer, const char *path,
                      const struct content_table *table) MUST_CHECK;
/* Height of the head that must be drawn again if this row is the first of a page; 0 for the head
 * itself. */
int table_repeat_height(const struct table_row *row);
/* Draws it and returns where the row comes. */
int table_draw_repeat(struct composer *composer, struct page *page, const struct table_row *row,
                      int y);
void table_draw(struct composer *composer, struct page *page, const struct table_row *row, int y);
