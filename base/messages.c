/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/messages.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_PER_SEVERITY = 1000, LONGEST_VALUE = 60 };

typedef struct entry {
    kv_message message;
    size_t order; /* as added, so that sorting is stable */
} entry;

struct kv_messages {
    entry *entries;
    size_t count, capacity;
    size_t seen[2]; /* by severity */
    size_t kept[2];
    int lost;
};

kv_messages *kv_messages_create(void)
{
    return kv_alloc(1, sizeof(kv_messages));
}

static void message_clear(kv_message *message)
{
    kv_free(message->file);
    kv_free(message->column);
    kv_free(message->value);
    kv_free(message->what);
    kv_free(message->mend);
}

void kv_messages_free(kv_messages *messages)
{
    if (!messages)
        return;
    for (size_t i = 0; i < messages->count; i++)
        message_clear(&messages->entries[i].message);
    kv_free(messages->entries);
    kv_free(messages);
}

/* Copies a text that may be NULL; -1 when out of memory. */
static int copy_text(char **target, const char *text)
{
    if (!text)
        return 0;
    *target = kv_strdup(text);
    return *target ? 0 : -1;
}

static int copy_where(kv_message *message, const kv_where *where)
{
    if (!where)
        return 0;
    message->line = where->line;
    message->field = where->field;
    if (copy_text(&message->file, where->file) != 0)
        return -1;
    if (copy_text(&message->column, where->column) != 0)
        return -1;
    return copy_text(&message->value, where->value);
}

/* Makes room first, so that a complete message can always be stored. */
static int message_store(kv_messages *messages, kv_severity severity, const kv_where *where,
                         const char *mend, const char *what)
{
    void *entries = messages->entries;
    if (kv_reserve(&entries, &messages->capacity, messages->count + 1, sizeof(entry)) != 0)
        return -1;
    messages->entries = entries;
    kv_message message = {0};
    message.severity = severity;
    if (copy_where(&message, where) != 0 || copy_text(&message.mend, mend) != 0 ||
        copy_text(&message.what, what) != 0) {
        message_clear(&message);
        return -1;
    }
    messages->entries[messages->count] = (entry){message, messages->count};
    messages->count++;
    messages->kept[severity]++;
    return 0;
}

void kv_messages_add(kv_messages *messages, kv_severity severity, const kv_where *where,
                     const char *mend, const char *what, ...)
{
    if (!messages)
        return;
    messages->seen[severity]++;
    if (messages->kept[severity] >= KEPT_PER_SEVERITY)
        return;
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, what);
    kv_text_addv(&text, what, arguments);
    va_end(arguments);
    kv_text_add(&text, ""); /* an empty sentence is still a string */
    if (text.failed || message_store(messages, severity, where, mend, text.data) != 0)
        messages->lost = 1;
    kv_text_clear(&text);
}

size_t kv_messages_count(const kv_messages *messages)
{
    return messages ? messages->count : 0;
}

size_t kv_messages_faults(const kv_messages *messages)
{
    return messages ? messages->seen[KV_FAULT] : 0;
}

size_t kv_messages_warnings(const kv_messages *messages)
{
    return messages ? messages->seen[KV_WARNING] : 0;
}

int kv_messages_lost(const kv_messages *messages)
{
    return messages ? messages->lost : 0;
}

const kv_message *kv_messages_get(const kv_messages *messages, size_t i)
{
    if (!messages || i >= messages->count)
        return NULL;
    return &messages->entries[i].message;
}

static int compare_entries(const void *left, const void *right)
{
    const entry *a = left;
    const entry *b = right;
    const char *file_a = a->message.file ? a->message.file : "";
    const char *file_b = b->message.file ? b->message.file : "";
    int files = strcmp(file_a, file_b);
    if (files != 0)
        return files;
    if (a->message.line != b->message.line)
        return a->message.line < b->message.line ? -1 : 1;
    if (a->message.field != b->message.field)
        return a->message.field < b->message.field ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void kv_messages_sort(kv_messages *messages)
{
    if (messages && messages->count > 1)
        qsort(messages->entries, messages->count, sizeof(entry), compare_entries);
}

/* Texts come from files that anyone may have written: no control characters reach a terminal. */
static void add_printable(kv_text *text, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)value[i];
        char shown = c < 0x20 || c == 0x7f ? '?' : value[i];
        kv_text_add_bytes(text, &shown, 1);
    }
}

/* The value in quotes, cut where it is long, never inside a UTF-8 character. */
static void add_value(kv_text *text, const char *value)
{
    size_t length = strlen(value);
    size_t shown = length;
    if (length > LONGEST_VALUE) {
        shown = LONGEST_VALUE;
        while (shown > 0 && ((unsigned char)value[shown] & 0xc0) == 0x80)
            shown--;
    }
    kv_text_add(text, "'");
    add_printable(text, value, shown);
    kv_text_add(text, shown < length ? "...'" : "'");
}

static void add_place(kv_text *text, const kv_message *message)
{
    if (message->file) {
        add_printable(text, message->file, strlen(message->file));
        if (message->line > 0)
            kv_text_addf(text, ":%ld", message->line);
        if (message->line > 0 && message->field > 0)
            kv_text_addf(text, ":%d", message->field);
        kv_text_add(text, ": ");
    } else if (message->line > 0) {
        kv_text_addf(text, "line %ld: ", message->line);
    }
}

char *kv_message_text(const kv_message *message)
{
    kv_text text = {0};
    add_place(&text, message);
    if (message->column) {
        add_printable(&text, message->column, strlen(message->column));
        kv_text_add(&text, ": ");
    }
    if (message->value && !strstr(message->what, message->value)) {
        add_value(&text, message->value);
        kv_text_add(&text, ": ");
    }
    add_printable(&text, message->what, strlen(message->what));
    if (message->mend) {
        kv_text_add(&text, "; ");
        add_printable(&text, message->mend, strlen(message->mend));
    }
    if (!text.failed)
        return text.data ? text.data : kv_strdup("");
    kv_text_clear(&text);
    return NULL;
}
