/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files are written whole: a temporary file beside the target, fsync, rename. */
#ifndef KV_BASE_FILE_H
#define KV_BASE_FILE_H

#include "base/messages.h"
#include "base/status.h"

#include <stddef.h>

/* Write `length` bytes to `path`, whole or not at all. On failure KV_ERR_IO with a message (disk
 * full, no permission, ...), the old file stays as it was and no temporary file is left. */
kv_status kv_file_write(const char *path, const char *data, size_t length, kv_messages *messages);

/* Read a whole file into memory (ends with an extra 0 byte). Caller frees *data with kv_free. */
kv_status kv_file_read(const char *path, char **data, size_t *length, kv_messages *messages);

/* Make a folder and its parents; an existing folder is fine. */
kv_status kv_folder_make(const char *path, kv_messages *messages);

/* dir + "/" + name; caller frees with kv_free; NULL when out of memory. */
char *kv_path_join(const char *dir, const char *name);

int kv_path_is_folder(const char *path); /* 1 = a folder */
int kv_path_exists(const char *path);    /* 1 = exists */

#endif
