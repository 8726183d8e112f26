/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/prose.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void expect(kv_text *out, const char *text)
{
    cr_assert_not(out->failed);
    cr_assert_str_eq(out->data ? out->data : "", text);
    kv_text_clear(out);
}

Test(prose, letters_are_counted_not_bytes)
{
    cr_assert_eq(kv_prose_letters("Skellefteå", strlen("Skellefteå")), 10);
    cr_assert_eq(kv_prose_letters("Gdańsk", strlen("Gdańsk")), 6);
    cr_assert_eq(kv_prose_letters("", 0), 0);
}

Test(prose, title_is_underlined_by_letters)
{
    kv_text out = {0};
    kv_prose_title(&out, "Umeå", '=');
    expect(&out, "Umeå\n====\n\n");
}

Test(prose, paragraphs_wrap_at_78_letters)
{
    kv_text out = {0};
    /* 39 words of "ö" are 77 letters with blanks, 40 would be 79. */
    char words[200] = "";
    for (int i = 0; i < 40; i++)
        strcat(words, i ? " ö" : "ö");
    kv_prose_paragraph(&out, "%s", words);
    char *second = strchr(out.data, '\n');
    cr_assert_eq(kv_prose_letters(out.data, (size_t)(second - out.data)), 77);
    cr_assert_str_eq(second, "\nö\n\n");
    kv_text_clear(&out);
}

Test(prose, a_line_of_exactly_78_letters_stays_whole)
{
    kv_text out = {0};
    char line[100];
    memset(line, 'x', 78);
    line[40] = ' ';
    line[78] = 0;
    kv_prose_wrap(&out, line, "", "");
    cr_assert_eq(out.length, 79);
    kv_text_clear(&out);
    memset(line, 'y', 90);
    line[90] = 0;
    kv_prose_wrap(&out, line, "", ""); /* a word that is too long is not cut */
    cr_assert_eq(out.length, 91);
    kv_text_clear(&out);
}

Test(prose, items_hang_and_lose_blanks_at_the_end)
{
    kv_text out = {0};
    kv_prose_item(&out, "%s ", "a");
    expect(&out, "- a\n");
}

Test(prose, numbers_for_reading)
{
    const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},           {1234567, "1,234,567"}, {-1234, "-1,234"}, {999.6, "1,000"},
        {99.94, "99.9"},    {9.994, "9.99"},        {0.126, "0.13"},   {-123456, "-123,456"},
        {(double)NAN, "-"}, {100, "100"},           {0.004, "0"}};
    char buffer[KV_NUMBER_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kv_prose_number(rows[i].value, buffer);
        cr_assert_str_eq(buffer, rows[i].text);
    }
}

Test(prose, percents)
{
    char buffer[KV_NUMBER_SIZE];
    kv_prose_percent(0.123, buffer);
    cr_assert_str_eq(buffer, "12 %");
    kv_prose_percent(0.0042, buffer);
    cr_assert_str_eq(buffer, "0.4 %");
    kv_prose_percent((double)NAN, buffer);
    cr_assert_str_eq(buffer, "-");
}

Test(prose, table_is_aligned_by_letters)
{
    kv_text out = {0};
    kv_grid grid;
    kv_grid_begin(&grid, "lr");
    kv_grid_cell(&grid, "Ort");
    kv_grid_cell(&grid, "kt");
    kv_grid_cell(&grid, "Luleå");
    kv_grid_number(&grid, 7);
    kv_grid_cell(&grid, "Bo");
    kv_grid_percent(&grid, 0.5);
    kv_grid_write(&grid, &out);
    expect(&out, "Ort      kt\n"
                 "-----  ----\n"
                 "Luleå     7\n"
                 "Bo     50 %\n\n");
}

Test(prose, wide_tables_wrap_their_widest_text)
{
    kv_text out = {0};
    kv_grid grid;
    kv_grid_begin(&grid, "llr");
    kv_grid_cell(&grid, "A");
    kv_grid_cell(&grid, "B");
    kv_grid_cell(&grid, "C");
    kv_grid_cell(&grid, "short");
    kv_grid_cell(&grid, "%s",
                 "a long text that needs more room than there is in one line of the "
                 "whole table, so that it must be broken");
    kv_grid_cell(&grid, "12345");
    kv_grid_write(&grid, &out);
    for (const char *line = out.data; *line; line = strchr(line, '\n') + 1)
        cr_assert_leq(strchr(line, '\n') - line, KV_PROSE_WIDTH);
    cr_assert_not_null(strstr(out.data, "12345\n"));
    cr_assert_not_null(strstr(out.data, "broken"));
    kv_text_clear(&out);
}
