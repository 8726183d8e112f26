/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/lines.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>

enum { FIRST_CAPACITY = 1 << 16 };

uint64_t kv_hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    return hash;
}

static kv_status unreadable(const kv_lines *lines, int number)
{
    kv_where where = {.file = lines->name};
    const char *why = number == ENOENT   ? "there is no such file"
                      : number == EACCES ? "permission is denied"
                      : number == EISDIR ? "it is a folder"
                                         : "the system reports an error";
    const char *mend = number == EISDIR ? "put a table in its place" : "check the file";
    kv_messages_add(lines->messages, KV_FAULT, &where, mend, "the file cannot be read: %s", why);
    return KV_ERR_IO;
}

kv_status kv_lines_open(kv_lines *lines, const char *path, const char *name, uint64_t hash,
                        kv_messages *messages)
{
    *lines = (kv_lines){.name = name, .messages = messages, .hash = hash, .terminator = '\n'};
    errno = 0;
    lines->file = fopen(path, "rb");
    if (!lines->file)
        return errno == ENOMEM ? KV_ERR_MEMORY : unreadable(lines, errno);
    setvbuf(lines->file, NULL, _IONBF, 0); /* there is a buffer here */
    return KV_OK;
}

void kv_lines_memory(kv_lines *lines, const char *data, size_t length, const char *name,
                     uint64_t hash, kv_messages *messages)
{
    *lines = (kv_lines){.name = name, .messages = messages, .hash = hash, .terminator = '\n'};
    lines->memory = data;
    lines->memory_left = length;
}

void kv_lines_close(kv_lines *lines)
{
    if (lines->file)
        fclose(lines->file);
    kv_free(lines->buffer);
    lines->file = NULL;
    lines->buffer = NULL;
}

/* ---- filling the buffer ---- */

/* Moves what is left to the front, makes room and reads on. */
static kv_status fill(kv_lines *lines)
{
    size_t left = lines->end - lines->start;
    if (left > 0 && lines->start > 0)
        memmove(lines->buffer, lines->buffer + lines->start, left);
    lines->start = 0;
    lines->end = left;
    if (left == lines->capacity || !lines->buffer) {
        void *buffer = lines->buffer;
        size_t capacity = lines->capacity;
        size_t needed = capacity ? capacity * 2 : FIRST_CAPACITY;
        if (kv_reserve(&buffer, &capacity, needed, 1) != 0)
            return KV_ERR_MEMORY;
        lines->buffer = buffer;
        lines->capacity = capacity;
    }
    size_t room = lines->capacity - left, n;
    if (lines->file) {
        errno = 0;
        n = fread(lines->buffer + left, 1, room, lines->file);
        if (n == 0 && ferror(lines->file))
            return unreadable(lines, errno);
    } else {
        n = lines->memory_left < room ? lines->memory_left : room;
        if (n > 0)
            memcpy(lines->buffer + left, lines->memory, n);
        lines->memory += n;
        lines->memory_left -= n;
    }
    lines->hash = kv_hash_bytes(lines->hash, lines->buffer + left, n);
    lines->end += n;
    lines->at_end = n == 0;
    return KV_OK;
}

/* At the start: the byte-order mark is left out, UTF-16 is told, line ends are recognised. */
static kv_status start(kv_lines *lines)
{
    kv_where where = {.file = lines->name};
    lines->started = 1;
    kv_status status = fill(lines);
    while (status == KV_OK && !lines->at_end && lines->end < 3)
        status = fill(lines);
    if (status != KV_OK)
        return status;
    const char *bytes = lines->buffer;
    if (lines->end >= 2 &&
        (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        kv_messages_add(lines->messages, KV_FAULT, &where, "save it as CSV UTF-8",
                        "the file is in UTF-16, not in UTF-8");
        return KV_ERR_INPUT;
    }
    if (lines->end >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        lines->start = 3;
    if (!memchr(bytes, '\n', lines->end) && memchr(bytes, '\r', lines->end))
        lines->terminator = '\r';
    return KV_OK;
}

/* ---- UTF-8 (RFC 3629) ---- */

/* Bytes of the character at s, 0 when it is malformed. */
static size_t character_length(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80)
        return s[0] != 0;
    size_t length = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

/* The place of the first bad byte from `from` on, or `length`. Eight plain bytes at a time. */
static size_t find_bad(const char *line, size_t from, size_t length)
{
    size_t i = from;
    while (i < length) {
        uint64_t eight;
        if (i + 8 <= length) {
            memcpy(&eight, line + i, 8);
            uint64_t zero = (eight - 0x0101010101010101u) & ~eight;
            if (((eight | zero) & 0x8080808080808080u) == 0) {
                i += 8;
                continue;
            }
        }
        size_t n = character_length((const unsigned char *)line + i, length - i);
        if (n == 0)
            return i;
        i += n;
    }
    return length;
}

/* The field that holds byte `place`; separators are guessed, as the line can't be read yet. */
static int field_at(const char *line, size_t place)
{
    int field = 1, quoted = 0;
    for (size_t i = 0; i < place; i++) {
        quoted ^= line[i] == '"';
        field += !quoted && (line[i] == ',' || line[i] == ';' || line[i] == '\t');
    }
    return field;
}

static void mend_bytes(kv_lines *lines, char *line, size_t length)
{
    size_t bad = find_bad(line, 0, length);
    if (bad == length)
        return;
    kv_where where = {.file = lines->name, .line = lines->number, .field = field_at(line, bad)};
    if (line[bad] == 0)
        kv_messages_add(lines->messages, KV_FAULT, &where, "remove it", "a 0 byte in the text");
    else
        kv_messages_add(lines->messages, KV_FAULT, &where, "save the file as CSV UTF-8",
                        "the byte 0x%02X is not UTF-8", (unsigned)(unsigned char)line[bad]);
    for (; bad < length; bad = find_bad(line, bad, length))
        line[bad] = '?';
}

/* ---- lines ---- */

/* Gives out buffer[start .. end), the line without or with its ending. */
static void give(kv_lines *lines, size_t length, char **line, size_t *n)
{
    lines->number++;
    *line = lines->buffer + lines->start;
    *n = length;
    lines->start += length;
    if (lines->overlong) {
        kv_where where = {.file = lines->name, .line = lines->number};
        kv_messages_add(lines->messages, KV_FAULT, &where,
                        "look for a missing line break or an open quote",
                        "the line is longer than %d bytes", KV_LONGEST_LINE);
        lines->overlong = 0;
        *n = 0;
        return;
    }
    mend_bytes(lines, *line, length);
}

kv_status kv_lines_next(kv_lines *lines, char **line, size_t *length)
{
    *line = NULL;
    *length = 0;
    kv_status status = lines->started ? KV_OK : start(lines);
    size_t searched = 0;
    while (status == KV_OK) {
        size_t left = lines->end - lines->start;
        const char *from = lines->buffer + lines->start;
        const char *stop = memchr(from + searched, lines->terminator, left - searched);
        if (stop && (size_t)(stop - from) <= KV_LONGEST_LINE) {
            give(lines, (size_t)(stop - from) + 1, line, length);
            return KV_OK;
        }
        if (lines->at_end) {
            if (left > 0 || lines->overlong)
                give(lines, left, line, length);
            return KV_OK;
        }
        searched = left;
        if (left > KV_LONGEST_LINE) { /* keep nothing of it, go on to its end */
            lines->overlong = 1;
            lines->start = stop ? lines->start + (size_t)(stop - from) : lines->end;
            searched = 0;
            if (stop)
                continue;
        }
        status = fill(lines);
    }
    return status;
}
