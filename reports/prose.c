/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/prose.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

int kv_prose_letters(const char *text, size_t bytes)
{
    int n = 0;
    for (size_t i = 0; i < bytes; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

static void add_repeated(kv_text *out, char letter, int n)
{
    for (int i = 0; i < n; i++)
        kv_text_add_bytes(out, &letter, 1);
}

void kv_prose_title(kv_text *out, const char *title, char underline)
{
    kv_prose_wrap(out, title, "", "");
    int letters = kv_prose_letters(title, strlen(title));
    add_repeated(out, underline, letters < KV_PROSE_WIDTH ? letters : KV_PROSE_WIDTH);
    kv_text_add(out, "\n\n");
}

/* Bytes of `text` that go on a line of `room` letters: up to the last blank that fits, or one word
 * that is longer. */
static size_t line_bytes(const char *text, int room)
{
    size_t fits = 0, i = 0;
    for (int letters = 0;; i++) {
        if (text[i] == 0)
            return letters <= room || fits == 0 ? i : fits;
        if (text[i] == ' ' && (letters <= room || fits == 0))
            fits = i;
        if (letters > room && fits > 0)
            return fits;
        letters += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
}

static void wrap_to(kv_text *out, const char *text, const char *first, const char *rest, int width)
{
    const char *indent = first;
    do {
        size_t n = line_bytes(text, width - kv_prose_letters(indent, strlen(indent))), shown = n;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        kv_text_add(out, indent);
        kv_text_add_bytes(out, text, shown);
        kv_text_add(out, "\n");
        text += n;
        while (*text == ' ')
            text++;
        indent = rest;
    } while (*text);
}

void kv_prose_wrap(kv_text *out, const char *text, const char *first, const char *rest)
{
    wrap_to(out, text, first, rest, KV_PROSE_WIDTH);
}

void kv_prose_paragraph(kv_text *out, const char *format, ...)
{
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&text, format, arguments);
    va_end(arguments);
    kv_prose_wrap(out, text.data ? text.data : "", "", "");
    kv_text_add(out, "\n");
    out->failed |= text.failed;
    kv_text_clear(&text);
}

void kv_prose_item(kv_text *out, const char *format, ...)
{
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&text, format, arguments);
    va_end(arguments);
    kv_prose_wrap(out, text.data ? text.data : "", "- ", "  ");
    out->failed |= text.failed;
    kv_text_clear(&text);
}

/* ---- numbers ---- */

void kv_prose_number(double value, char *buffer)
{
    double size = fabs(value);
    char plain[KV_NUMBER_SIZE];
    if (!isfinite(value)) {
        strcpy(buffer, "-");
        return;
    }
    kv_format_decimal(value, size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : 2, plain);
    const char *end = strchr(plain, '.');
    size_t whole = end ? (size_t)(end - plain) : strlen(plain), n = 0;
    if (whole > 18) { /* beyond any figure that commas help with */
        strcpy(buffer, plain);
        return;
    }
    for (size_t i = 0; plain[i]; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && plain[i - 1] != '-')
            buffer[n++] = ',';
        buffer[n++] = plain[i];
    }
    buffer[n] = 0;
}

void kv_prose_percent(double share, char *buffer)
{
    if (!isfinite(share)) {
        strcpy(buffer, "-");
        return;
    }
    double percent = 100 * share;
    kv_format_decimal(percent, fabs(percent) >= 9.95 || percent == 0 ? 0 : 1, buffer);
    strcat(buffer, " %");
}

/* ---- tables ---- */

void kv_grid_begin(kv_grid *grid, const char *align)
{
    *grid = (kv_grid){.align = align, .n_columns = (int)strlen(align)};
}

static void add_cell(kv_grid *grid, char *cell)
{
    void *cells = grid->cells;
    if (!cell ||
        kv_reserve(&cells, &grid->capacity, (size_t)grid->n_cells + 1, sizeof *grid->cells) != 0) {
        kv_free(cell);
        grid->failed = 1;
        return;
    }
    grid->cells = cells;
    grid->cells[grid->n_cells++] = cell;
}

void kv_grid_cell(kv_grid *grid, const char *format, ...)
{
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&text, format, arguments);
    va_end(arguments);
    add_cell(grid, text.failed ? NULL : kv_strdup(text.data ? text.data : ""));
    kv_text_clear(&text);
}

void kv_grid_number(kv_grid *grid, double value)
{
    char buffer[KV_NUMBER_SIZE];
    kv_prose_number(value, buffer);
    add_cell(grid, kv_strdup(buffer));
}

void kv_grid_percent(kv_grid *grid, double share)
{
    char buffer[KV_NUMBER_SIZE];
    kv_prose_percent(share, buffer);
    add_cell(grid, kv_strdup(buffer));
}

/* Widths of the columns; left columns are narrowed, the widest first, until all fits. */
static void set_widths(const kv_grid *grid, int *width)
{
    int total = -2;
    for (int c = 0; c < grid->n_columns; c++) {
        width[c] = 0;
        for (int i = c; i < grid->n_cells; i += grid->n_columns) {
            int letters = kv_prose_letters(grid->cells[i], strlen(grid->cells[i]));
            width[c] = letters > width[c] ? letters : width[c];
        }
        total += width[c] + 2;
    }
    while (total > KV_PROSE_WIDTH) {
        int widest = -1;
        for (int c = 0; c < grid->n_columns; c++) {
            if (grid->align[c] == 'l' && width[c] > 8 && (widest < 0 || width[c] > width[widest]))
                widest = c;
        }
        if (widest < 0)
            return;
        width[widest]--;
        total--;
    }
}

/* One line of a row; each cell gives what fits and keeps the rest in left[c]. Returns 1 while
 * something is left. */
static int write_line(const kv_grid *grid, const int *width, const char **left, kv_text *out)
{
    int blanks = 0, more = 0;
    for (int c = 0; c < grid->n_columns; c++) {
        while (*left[c] == ' ')
            left[c]++;
        size_t n = line_bytes(left[c], width[c]);
        int pad = width[c] - kv_prose_letters(left[c], n);
        blanks += c > 0 ? 2 : 0;
        if (n > 0) {
            add_repeated(out, ' ', blanks + (grid->align[c] == 'r' && pad > 0 ? pad : 0));
            kv_text_add_bytes(out, left[c], n);
            blanks = grid->align[c] == 'r' || pad < 0 ? 0 : pad;
        } else {
            blanks += width[c];
        }
        left[c] += n;
        more |= *left[c] != 0;
    }
    kv_text_add(out, "\n");
    return more;
}

void kv_grid_clear(kv_grid *grid)
{
    for (int i = 0; i < grid->n_cells; i++)
        kv_free(grid->cells[i]);
    kv_free(grid->cells);
    *grid = (kv_grid){0};
}

void kv_grid_write(kv_grid *grid, kv_text *out)
{
    int width[KV_GRID_MOST_COLUMNS];
    const char *left[KV_GRID_MOST_COLUMNS];
    if (!grid->failed && grid->n_columns <= KV_GRID_MOST_COLUMNS) {
        set_widths(grid, width);
        for (int i = 0; i + grid->n_columns <= grid->n_cells; i += grid->n_columns) {
            for (int c = 0; c < grid->n_columns; c++)
                left[c] = grid->cells[i + c];
            while (write_line(grid, width, left, out))
                ;
            for (int c = 0; i == 0 && c < grid->n_columns; c++) {
                add_repeated(out, '-', width[c]);
                kv_text_add(out, c + 1 < grid->n_columns ? "  " : "\n");
            }
        }
        kv_text_add(out, "\n");
    }
    out->failed |= grid->failed;
    kv_grid_clear(grid);
}
