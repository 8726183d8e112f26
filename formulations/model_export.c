/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Free MPS and CPLEX LP. */
#include "formulations/model.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* What GLPK and CBC both read: CBC breaks on names of more than 160 bytes in MPS, 100 in LP. */
enum { MPS_NAME = 150, LP_NAME = 90, NAME_SIZE = MPS_NAME + 1, TAIL_SIZE = 16 };

typedef struct writer {
    const kv_problem *p;
    const kv_model *m;
    kv_text *out;
    char **row_name, **column_name;
} writer;

/* Full names are unique; a cut one gets the number of its row or column. */
static void cut(char *name, int is_row, int number)
{
    char tail[TAIL_SIZE];
    const size_t length = strlen(name);
    if (length < MPS_NAME || name[length - 1] != '~')
        return;
    snprintf(tail, sizeof tail, "~%c%d", is_row ? 'r' : 'c', number);
    memcpy(name + length - strlen(tail), tail, strlen(tail));
}

/* LP: only letters, digits and a few signs; the number keeps names apart. */
static void plain(char *name, int number)
{
    char tail[TAIL_SIZE];
    for (char *s = name; *s; s++) {
        int letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
        if (!letter && !(*s >= '0' && *s <= '9') && *s != '.' && *s != '_')
            *s = '_';
    }
    snprintf(tail, sizeof tail, "#%d", number);
    size_t length = strlen(name);
    if (length > LP_NAME - strlen(tail))
        length = LP_NAME - strlen(tail);
    memcpy(name + length, tail, strlen(tail) + 1);
}

static char *name_of(const writer *w, int is_row, int number, int lp)
{
    char *name = kv_alloc(NAME_SIZE, 1);
    if (!name)
        return NULL;
    if (is_row)
        kv_model_row_name(w->p, w->m, number, name, NAME_SIZE);
    else
        kv_model_column_name(w->p, w->m, number, name, NAME_SIZE);
    for (char *s = name; *s; s++) {
        if ((unsigned char)*s <= ' ')
            *s = '_';
    }
    if (lp)
        plain(name, number);
    else
        cut(name, is_row, number);
    char *copy = kv_strdup(name);
    kv_free(name);
    return copy;
}

static int names_make(writer *w, int lp)
{
    w->row_name = kv_alloc((size_t)w->m->n_rows, sizeof(char *));
    w->column_name = kv_alloc((size_t)w->m->n_columns, sizeof(char *));
    if (!w->row_name || !w->column_name)
        return -1;
    for (int i = 0; i < w->m->n_rows; i++) {
        if (!(w->row_name[i] = name_of(w, 1, i, lp)))
            return -1;
    }
    for (int j = 0; j < w->m->n_columns; j++) {
        if (!(w->column_name[j] = name_of(w, 0, j, lp)))
            return -1;
    }
    return 0;
}

static void names_clear(writer *w)
{
    for (int i = 0; w->row_name && i < w->m->n_rows; i++)
        kv_free(w->row_name[i]);
    for (int j = 0; w->column_name && j < w->m->n_columns; j++)
        kv_free(w->column_name[j]);
    kv_free(w->row_name);
    kv_free(w->column_name);
}

static int is_equal(const kv_model *m, int row)
{
    return m->row_lower[row] >= m->row_upper[row];
}

/* " <a> <b> <number>" and a line break. */
static void line(kv_text *out, const char *a, const char *b, double value)
{
    kv_text_add(out, " ");
    kv_text_add(out, a);
    kv_text_add(out, " ");
    kv_text_add(out, b);
    kv_text_add(out, " ");
    kv_text_add_number(out, value);
    kv_text_add(out, "\n");
}

static void mps_marker(kv_text *out, int number, int on)
{
    kv_text_addf(out, " marker:%d 'MARKER' %s\n", number, on ? "'INTORG'" : "'INTEND'");
}

static void mps_columns(const writer *w)
{
    const kv_model *m = w->m;
    int inside = 0, markers = 0;
    kv_text_add(w->out, "COLUMNS\n");
    for (int j = 0; j < m->n_columns; j++) {
        if (m->integer[j] != inside) {
            inside = m->integer[j];
            mps_marker(w->out, markers++, inside);
        }
        /* every column must appear, so its cost is written even if it is 0 */
        line(w->out, w->column_name[j], "objective", m->cost[j]);
        for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++)
            line(w->out, w->column_name[j], w->row_name[m->row[e]], m->value[e]);
    }
    if (inside)
        mps_marker(w->out, markers, 0);
}

static void mps(const writer *w)
{
    const kv_model *m = w->m;
    kv_text_add(w->out, "* minimise; a constant of ");
    kv_text_add_number(w->out, m->constant);
    kv_text_add(w->out, " is left out of the objective\nNAME kvarken\nROWS\n N objective\n");
    for (int i = 0; i < m->n_rows; i++)
        kv_text_addf(w->out, " %c %s\n", is_equal(m, i) ? 'E' : 'L', w->row_name[i]);
    mps_columns(w);
    kv_text_add(w->out, "RHS\n");
    for (int i = 0; i < m->n_rows; i++) {
        if (m->row_upper[i] != 0)
            line(w->out, "rhs", w->row_name[i], m->row_upper[i]);
    }
    kv_text_add(w->out, "BOUNDS\n");
    for (int j = 0; j < m->n_columns; j++) {
        if (m->lower[j] >= m->upper[j]) {
            line(w->out, "FX bounds", w->column_name[j], m->lower[j]);
            continue;
        }
        if (m->lower[j] != 0)
            line(w->out, "LO bounds", w->column_name[j], m->lower[j]);
        line(w->out, "UP bounds", w->column_name[j], m->upper[j]);
    }
    kv_text_add(w->out, "ENDATA\n");
}

/* " + 3 name" on a line of its own: no line becomes too long for any reader. */
static void lp_term(kv_text *out, double value, const char *name)
{
    kv_text_add(out, value < 0 ? "\n - " : "\n + ");
    kv_text_add_number(out, value < 0 ? -value : value);
    kv_text_add(out, " ");
    kv_text_add(out, name);
}

/* The model row by row. */
typedef struct by_row {
    size_t *first;
    int *column;
    double *value;
} by_row;

static int by_row_make(const kv_model *m, by_row *rows)
{
    rows->first = kv_alloc((size_t)m->n_rows + 2, sizeof(size_t));
    rows->column = kv_alloc(m->n_entries, sizeof(int));
    rows->value = kv_alloc(m->n_entries, sizeof(double));
    if (!rows->first || !rows->column || !rows->value)
        return -1;
    for (size_t e = 0; e < m->n_entries; e++)
        rows->first[m->row[e] + 2]++;
    for (int i = 0; i < m->n_rows; i++)
        rows->first[i + 2] += rows->first[i + 1];
    for (int j = 0; j < m->n_columns; j++) {
        for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++) {
            size_t at = rows->first[m->row[e] + 1]++;
            rows->column[at] = j;
            rows->value[at] = m->value[e];
        }
    }
    return 0;
}

static void lp_rows(const writer *w, const by_row *rows)
{
    const kv_model *m = w->m;
    kv_text_add(w->out, "\nsubject to\n");
    for (int i = 0; i < m->n_rows; i++) {
        kv_text_addf(w->out, " %s:", w->row_name[i]);
        for (size_t e = rows->first[i]; e < rows->first[i + 1]; e++)
            lp_term(w->out, rows->value[e], w->column_name[rows->column[e]]);
        if (rows->first[i] == rows->first[i + 1]) /* a row may not be empty */
            lp_term(w->out, 0, w->column_name[0]);
        kv_text_add(w->out, is_equal(m, i) ? "\n = " : "\n <= ");
        kv_text_add_number(w->out, m->row_upper[i]);
        kv_text_add(w->out, "\n");
    }
}

static void lp(const writer *w, const by_row *rows)
{
    const kv_model *m = w->m;
    kv_text_add(w->out, "\\ a constant of ");
    kv_text_add_number(w->out, m->constant);
    kv_text_add(w->out, " is left out of the objective\nminimize\n objective:");
    for (int j = 0; j < m->n_columns; j++)
        lp_term(w->out, m->cost[j], w->column_name[j]);
    lp_rows(w, rows);
    kv_text_add(w->out, "bounds\n");
    int n_integer = 0;
    for (int j = 0; j < m->n_columns; j++) {
        kv_text_add(w->out, " ");
        kv_text_add_number(w->out, m->lower[j]);
        kv_text_addf(w->out, " <= %s <= ", w->column_name[j]);
        kv_text_add_number(w->out, m->upper[j]);
        kv_text_add(w->out, "\n");
        n_integer += m->integer[j] != 0;
    }
    if (n_integer > 0)
        kv_text_add(w->out, "integer\n");
    for (int j = 0; j < m->n_columns; j++) {
        if (m->integer[j])
            kv_text_addf(w->out, " %s\n", w->column_name[j]);
    }
    kv_text_add(w->out, "end\n");
}

static int ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcmp(path + length - tail, ending) == 0;
}

kv_status kv_model_export(const kv_problem *problem, const kv_model *model, const char *path,
                          kv_messages *messages)
{
    kv_text out = {0};
    writer w = {.p = problem, .m = model, .out = &out};
    by_row rows = {0};
    int is_lp = ends_in(path, ".lp");
    kv_status status = KV_ERR_MEMORY;
    if (!is_lp && !ends_in(path, ".mps")) {
        kv_messages_add(messages, KV_FAULT, NULL, "give the file the ending .mps or .lp",
                        "the ending of '%s' names no format", path);
        return KV_ERR_ARGUMENT;
    }
    if (names_make(&w, is_lp) != 0 || (is_lp && by_row_make(model, &rows) != 0))
        goto out;
    if (is_lp)
        lp(&w, &rows);
    else
        mps(&w);
    if (!out.failed)
        status = kv_file_write(path, out.data, out.length, messages);
out:
    names_clear(&w);
    kv_free(rows.first);
    kv_free(rows.column);
    kv_free(rows.value);
    kv_text_clear(&out);
    return status;
}
