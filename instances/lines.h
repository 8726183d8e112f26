/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a file or of bytes in memory, one after the other, in little memory: valid UTF-8
 * without 0 bytes and byte-order mark, line numbers, and a hash of all bytes. Internal to
 * instances/.
 */
#ifndef KV_INSTANCES_LINES_H
#define KV_INSTANCES_LINES_H

#include "base/messages.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { KV_LONGEST_LINE = 1 << 20 }; /* bytes */

typedef struct kv_lines {
    const char *name; /* of the file, for messages */
    kv_messages *messages;
    FILE *file; /* NULL: the bytes come from memory */
    const char *memory;
    size_t memory_left;
    char *buffer;
    size_t capacity, start, end; /* buffer[start .. end) is not given out yet */
    int started, at_end, overlong;
    char terminator;
    long number;   /* of the line given out last, from 1 */
    uint64_t hash; /* FNV-1a, goes on from its value at the start */
} kv_lines;

/* Open a file; KV_ERR_IO with a message when it can't be read. */
kv_status kv_lines_open(kv_lines *lines, const char *path, const char *name, uint64_t hash,
                        kv_messages *messages);
void kv_lines_memory(kv_lines *lines, const char *data, size_t length, const char *name,
                     uint64_t hash, kv_messages *messages);
/*
 * The next line with its ending, into *line and *length; *line is NULL at the end. The bytes stay
 * until the next call. Faults (bytes that are not UTF-8, a line that is too long, a file in UTF-16)
 * are added to the messages: bad bytes are given as '?', a line that is too long as an empty one.
 * KV_OK, KV_ERR_IO, KV_ERR_INPUT (not a text in UTF-8 at all), KV_ERR_MEMORY.
 */
kv_status kv_lines_next(kv_lines *lines, char **line, size_t *length);
void kv_lines_close(kv_lines *lines);

uint64_t kv_hash_bytes(uint64_t hash, const char *bytes, size_t length); /* FNV-1a, 64 bits */
#define KV_HASH_START 14695981039346656037u

#endif
