/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages for people: faults and warnings of the input, each with the place where it is, what is
 * wrong and what would mend it. Library code adds to a list; the command line prints it.
 */
#ifndef KV_BASE_MESSAGES_H
#define KV_BASE_MESSAGES_H

#include <stddef.h>

typedef enum kv_severity { KV_WARNING, KV_FAULT } kv_severity;

typedef struct kv_message {
    kv_severity severity;
    char *file;   /* file name relative to the case, or NULL */
    long line;    /* from 1; 0 = the file as a whole */
    int field;    /* field of the line, from 1; 0 = none */
    char *column; /* column name, or NULL */
    char *value;  /* the offending value, or NULL */
    char *what;   /* what is wrong, a sentence without full stop */
    char *mend;   /* what would mend it, or NULL */
} kv_message;

typedef struct kv_messages kv_messages; /* an append-only list, kept sorted only on request */

/* NULL when out of memory. Free with kv_messages_free. */
kv_messages *kv_messages_create(void);
void kv_messages_free(kv_messages *messages);

/* Where a message points to; any part may be NULL or 0. */
typedef struct kv_where {
    const char *file;
    long line;
    int field;
    const char *column;
    const char *value;
} kv_where;

/* Add a message; `mend` may be NULL; `what` is a printf format. All texts are copied. A NULL list
 * is allowed (nothing happens). An allocation failure is remembered (kv_messages_lost). At most
 * 1,000 faults and 1,000 warnings are kept; the others are counted. */
void kv_messages_add(kv_messages *messages, kv_severity severity, const kv_where *where,
                     const char *mend, const char *what, ...) __attribute__((format(printf, 5, 6)));

size_t kv_messages_count(const kv_messages *messages);    /* messages kept */
size_t kv_messages_faults(const kv_messages *messages);   /* faults seen, kept or not */
size_t kv_messages_warnings(const kv_messages *messages); /* warnings seen, kept or not */
int kv_messages_lost(const kv_messages *messages);        /* 1 = one was lost: no memory */
const kv_message *kv_messages_get(const kv_messages *messages, size_t i); /* i < count */

/* Order by file, line, field; stable. */
void kv_messages_sort(kv_messages *messages);

/* One line for a person: "links.csv:12:4: length_km: 'abc' is not a number; write ...". The value is
 * put before `what` ("'abc': ...") only where `what` does not hold it. Control characters become
 * "?".
 * Caller frees with kv_free; NULL when out of memory. */
char *kv_message_text(const kv_message *message);

#endif
