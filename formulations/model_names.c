/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Prints into the buffer; a name that does not fit ends in '~'. */
static void put(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put(char *buffer, size_t size, const char *format, ...)
{
    if (size == 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    if (length < 0)
        buffer[0] = 0;
    else if ((size_t)length >= size && size >= 2)
        memcpy(buffer + size - 2, "~", 2);
}

void kv_model_row_name(const kv_problem *problem, const kv_model *model, int row, char *buffer,
                       size_t size)
{
    const kv_problem *p = problem;
    int i = model->index_of_row[row];
    if (row < model->row_of_resource_first) {
        int r = i % p->n_balances;
        put(buffer, size, "flow:%s:%s:%s", p->node_name[p->balance_node[r]],
            p->commodity_name[p->balance_commodity[r]], p->block_name[i / p->n_balances]);
    } else if (row < model->row_of_coupling) {
        put(buffer, size, "resource:%s:%s", p->resource_name[i % p->n_resources],
            p->block_name[i / p->n_resources]);
    } else if (row < model->row_of_side) {
        put(buffer, size, "coupling:%s", p->coupling.name[i]);
    } else if (row < model->row_of_opening) {
        put(buffer, size, "side:%s", p->side.name[i]);
    } else {
        const kv_opening *o = &p->openings[model->opening_of_row[i]];
        int flow = model->flow_of_opening_row[i];
        put(buffer, size, "open:%s:%d:%s:%s", p->arc_name[o->arc], o->set,
            flow < 0 ? "*" : p->commodity_name[p->flow_commodity[flow]], p->block_name[o->block]);
    }
}

void kv_model_column_name(const kv_problem *problem, const kv_model *model, int column,
                          char *buffer, size_t size)
{
    const kv_problem *p = problem;
    int i = model->flow_of_column[column];
    if (i < 0) {
        put(buffer, size, "y:%s", p->design_name[column]);
        return;
    }
    int f = i % p->n_flows;
    put(buffer, size, "x:%s:%s:%s", p->arc_name[p->flow_arc[f]],
        p->commodity_name[p->flow_commodity[f]], p->block_name[i / p->n_flows]);
}
