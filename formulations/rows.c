/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/builder.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>

void kv_row_writer_init(kv_row_writer *writer)
{
    *writer = (kv_row_writer){.name.size = sizeof(char *),
                              .sense.size = sizeof(char),
                              .rhs.size = sizeof(double),
                              .dropped.size = sizeof(unsigned char),
                              .design_first.size = sizeof(int),
                              .design.size = sizeof(int),
                              .design_value.size = sizeof(double),
                              .flow_first.size = sizeof(int),
                              .flow_block.size = sizeof(int),
                              .flow.size = sizeof(int),
                              .flow_value.size = sizeof(double)};
}

void kv_row_writer_clear(kv_row_writer *writer)
{
    char **names = writer->name.items;
    for (int i = 0; i < writer->name.count; i++)
        kv_free(names[i]);
    kv_list *lists[] = {&writer->name,         &writer->sense,      &writer->rhs,
                        &writer->dropped,      &writer->design,     &writer->design_first,
                        &writer->design_value, &writer->flow_first, &writer->flow_block,
                        &writer->flow,         &writer->flow_value};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        kv_list_clear(lists[i]);
}

static void push_int(kv_row_writer *writer, kv_list *list, int value)
{
    int *item = kv_list_push(list);
    if (item)
        *item = value;
    else
        writer->failed = 1;
}

static void push_double(kv_row_writer *writer, kv_list *list, double value)
{
    double *item = kv_list_push(list);
    if (item)
        *item = value;
    else
        writer->failed = 1;
}

/* `first` holds the start of each row; the end of the last is added when the rows are finished. */
void kv_row_begin(kv_row_writer *writer, char sense, double rhs, const char *format, ...)
{
    if (writer->failed)
        return;
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&text, format, arguments);
    va_end(arguments);
    char **name = text.failed ? NULL : kv_list_push(&writer->name);
    if (!name) {
        writer->failed = 1;
        kv_text_clear(&text);
        return;
    }
    *name = text.data; /* owned by the list from here on; made by kv_realloc */
    char *kind = kv_list_push(&writer->sense);
    if (kind)
        *kind = sense;
    if (!kind || !kv_list_push(&writer->dropped))
        writer->failed = 1;
    push_double(writer, &writer->rhs, rhs);
    push_int(writer, &writer->design_first, writer->design.count);
    push_int(writer, &writer->flow_first, writer->flow.count);
}

void kv_row_design(kv_row_writer *writer, int design, double value)
{
    if (writer->failed || value == 0)
        return;
    push_int(writer, &writer->design, design);
    push_double(writer, &writer->design_value, value);
}

void kv_row_flow(kv_row_writer *writer, int block, int flow, double value)
{
    if (writer->failed || value == 0)
        return;
    push_int(writer, &writer->flow_block, block);
    push_int(writer, &writer->flow, flow);
    push_double(writer, &writer->flow_value, value);
}

void kv_row_dropped(kv_row_writer *writer)
{
    if (!writer->failed)
        ((unsigned char *)writer->dropped.items)[writer->dropped.count - 1] = 1;
}

void kv_row_drop_empty(kv_row_writer *writer)
{
    if (writer->failed)
        return;
    int row = writer->name.count - 1;
    if (((int *)writer->design_first.items)[row] != writer->design.count ||
        ((int *)writer->flow_first.items)[row] != writer->flow.count)
        return;
    kv_free(((char **)writer->name.items)[row]);
    writer->name.count--;
    writer->sense.count--;
    writer->dropped.count--;
    writer->rhs.count--;
    writer->design_first.count--;
    writer->flow_first.count--;
}

kv_status kv_row_writer_finish(kv_row_writer *writer, kv_rows *rows)
{
    push_int(writer, &writer->design_first, writer->design.count);
    push_int(writer, &writer->flow_first, writer->flow.count);
    if (writer->failed)
        return KV_ERR_MEMORY;
    int count = writer->name.count;
    if (!(rows->name = kv_list_take(&writer->name)))
        return KV_ERR_MEMORY;
    rows->count = count;
    if (!(rows->sense = kv_list_take(&writer->sense)) ||
        !(rows->rhs = kv_list_take(&writer->rhs)) ||
        !(rows->dropped = kv_list_take(&writer->dropped)) ||
        !(rows->design_first = kv_list_take(&writer->design_first)) ||
        !(rows->design = kv_list_take(&writer->design)) ||
        !(rows->design_value = kv_list_take(&writer->design_value)) ||
        !(rows->flow_first = kv_list_take(&writer->flow_first)) ||
        !(rows->flow_block = kv_list_take(&writer->flow_block)) ||
        !(rows->flow = kv_list_take(&writer->flow)) ||
        !(rows->flow_value = kv_list_take(&writer->flow_value)))
        return KV_ERR_MEMORY;
    return KV_OK;
}
