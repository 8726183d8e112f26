/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what failed, and what would mend it ---- */

typedef struct reason {
    int number; /* errno */
    const char *what, *mend;
} reason;

static const reason reasons[] = {
    {ENOSPC, "the disk is full", "free some space or choose a folder on another disk"},
    {EDQUOT, "the disk quota is used up", "free some space or choose a folder on another disk"},
    {EFBIG, "the file would be larger than allowed", "raise the limit (ulimit -f)"},
    {EACCES, "permission is denied", "change the permissions or choose another folder"},
    {EPERM, "it is not permitted", "change the permissions or choose another folder"},
    {EROFS, "the disk can only be read", "choose a folder on another disk"},
    {ENOENT, "there is no such file or folder", "check the spelling of the path"},
    {ENOTDIR, "a part of the path is not a folder", "check the spelling of the path"},
    {EISDIR, "it is a folder", "give the path of a file"},
    {EEXIST, "a file of that name is in the way", "choose another name or move the file away"},
    {ENAMETOOLONG, "the path is too long", "choose a shorter path"},
    {ELOOP, "the path has too many symbolic links", "check the links on the path"},
    {EMFILE, "too many files are open", "raise the limit (ulimit -n)"},
    {ENFILE, "too many files are open", "close other programs"},
    {ENOMEM, "there is not enough memory", "close other programs"},
    {EIO, "the disk reports an error", "check the disk, or choose another one"},
};

/* Adds "path: <doing>: <reason>" and gives the status for it. */
static kv_status fault(kv_messages *messages, const char *path, const char *doing, int number)
{
    kv_where where = {.file = path};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].number == number) {
            kv_messages_add(messages, KV_FAULT, &where, reasons[i].mend, "%s: %s", doing,
                            reasons[i].what);
            return KV_ERR_IO;
        }
    }
    kv_messages_add(messages, KV_FAULT, &where, NULL, "%s: system error %d", doing, number);
    return KV_ERR_IO;
}

static const char cannot_write[] = "the file cannot be written";
static const char cannot_read[] = "the file cannot be read";
static const char cannot_make[] = "the folder cannot be made";

/* ---- writing ---- */

/* Writes all bytes; 0, or an errno. */
static int write_all(int file, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : ENOSPC;
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

/* The folder part of a path with its last slash, as a length: 0 for a bare name. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

enum { TEMPORARY_NAME = 64 };

/* Makes and opens a new temporary file in the folder of `path`; its name goes to `name`, which has
 * room for folder_length(path) + TEMPORARY_NAME bytes. Returns the descriptor, or -1 with errno.
 * The name is short, so that it fits wherever the target's fits. */
static int temporary_open(const char *path, char *name, mode_t mode)
{
    static atomic_uint serial;
    size_t folder = folder_length(path);
    for (int tries = 0; tries < 1000; tries++) {
        memcpy(name, path, folder);
        snprintf(name + folder, TEMPORARY_NAME, ".kvarken-%ld-%u.tmp", (long)getpid(),
                 atomic_fetch_add(&serial, 1));
        int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

/* Makes the renaming last. The data is safe by now, and some file systems cannot sync a folder, so
 * a failure here is none of the write. */
static void folder_sync(const char *path, char *name)
{
    size_t folder = folder_length(path);
    memcpy(name, path, folder);
    strcpy(name + folder, ".");
    int file = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    fsync(file);
    close(file);
}

/* Fills, syncs and closes the temporary file; 0, or an errno. */
static int temporary_fill(int file, const char *data, size_t length, const struct stat *old)
{
    int failed = write_all(file, data, length);
    if (!failed && old && fchmod(file, old->st_mode & 07777) != 0)
        failed = errno;
    if (!failed && fsync(file) != 0)
        failed = errno;
    if (close(file) != 0 && !failed)
        failed = errno;
    return failed;
}

/* Replaces a regular file or makes a new one; `old` is NULL for a new one. */
static kv_status replace(const char *path, const char *data, size_t length, const struct stat *old,
                         kv_messages *messages)
{
    char *name = kv_alloc(folder_length(path) + TEMPORARY_NAME, 1);
    if (!name)
        return KV_ERR_MEMORY;
    kv_status status = KV_OK;
    int file = temporary_open(path, name, 0666);
    int failed = file < 0 ? errno : temporary_fill(file, data, length, old);
    if (!failed && rename(name, path) != 0)
        failed = errno;
    if (failed && file >= 0)
        unlink(name);
    if (failed)
        status = fault(messages, path, cannot_write, failed);
    else
        folder_sync(path, name);
    kv_free(name);
    return status;
}

/* A pipe, a terminal or a device has no old contents to keep. */
static kv_status write_through(const char *path, const char *data, size_t length,
                               kv_messages *messages)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    int failed = file < 0 ? errno : write_all(file, data, length);
    if (file >= 0 && close(file) != 0 && !failed)
        failed = errno;
    return failed ? fault(messages, path, cannot_write, failed) : KV_OK;
}

kv_status kv_file_write(const char *path, const char *data, size_t length, kv_messages *messages)
{
    struct stat old;
    if (!path || (!data && length > 0))
        return KV_ERR_ARGUMENT;
    if (*path == 0)
        return fault(messages, path, cannot_write, ENOENT);
    if (stat(path, &old) != 0)
        return replace(path, data, length, NULL, messages);
    if (S_ISDIR(old.st_mode))
        return fault(messages, path, cannot_write, EISDIR);
    if (!S_ISREG(old.st_mode))
        return write_through(path, data, length, messages);
    char *real = realpath(path, NULL); /* a symbolic link stays, what it points to is replaced */
    kv_status status = replace(real ? real : path, data, length, &old, messages);
    free(real);
    return status;
}

/* ---- reading ---- */

/* Reads to the end into a growing buffer. Returns 0, an errno, or -1 when out of memory. */
static int read_all(int file, size_t expected, char **data, size_t *length)
{
    void *buffer = NULL;
    size_t capacity = 0, used = 0;
    int failed = 0;
    if (kv_reserve(&buffer, &capacity, expected + 2, 1) != 0)
        return -1;
    for (;;) {
        ssize_t n = read(file, (char *)buffer + used, capacity - used - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            failed = n < 0 ? errno : 0;
            break;
        }
        used += (size_t)n;
        if (used + 1 == capacity && kv_reserve(&buffer, &capacity, used + 2, 1) != 0) {
            failed = -1;
            break;
        }
    }
    if (failed) {
        kv_free(buffer);
        return failed;
    }
    ((char *)buffer)[used] = 0;
    *data = buffer;
    *length = used;
    return 0;
}

kv_status kv_file_read(const char *path, char **data, size_t *length, kv_messages *messages)
{
    struct stat about;
    *data = NULL;
    *length = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fault(messages, path, cannot_read, errno);
    int failed = 0;
    if (fstat(file, &about) != 0)
        failed = errno;
    else if (S_ISDIR(about.st_mode))
        failed = EISDIR;
    else
        failed = read_all(file, about.st_size > 0 ? (size_t)about.st_size : 0, data, length);
    close(file);
    if (failed == -1)
        return KV_ERR_MEMORY;
    return failed ? fault(messages, path, cannot_read, failed) : KV_OK;
}

/* ---- paths ---- */

static int make_one(const char *path)
{
    if (mkdir(path, 0777) == 0)
        return 0;
    int failed = errno;
    return kv_path_is_folder(path) ? 0 : failed;
}

kv_status kv_folder_make(const char *path, kv_messages *messages)
{
    if (!path)
        return KV_ERR_ARGUMENT;
    if (*path == 0)
        return fault(messages, path, cannot_make, ENOENT);
    char *part = kv_strdup(path);
    if (!part)
        return KV_ERR_MEMORY;
    int failed = 0;
    for (char *slash = strchr(part + 1, '/'); slash && !failed; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        failed = make_one(part);
        *slash = '/';
    }
    if (!failed)
        failed = make_one(part);
    kv_free(part);
    return failed ? fault(messages, path, cannot_make, failed) : KV_OK;
}

char *kv_path_join(const char *dir, const char *name)
{
    size_t n_dir = strlen(dir), n_name = strlen(name);
    char *path = kv_alloc(n_dir + n_name + 2, 1);
    if (!path)
        return NULL;
    memcpy(path, dir, n_dir);
    if (n_dir > 0 && dir[n_dir - 1] != '/')
        path[n_dir++] = '/';
    memcpy(path + n_dir, name, n_name + 1);
    return path;
}

int kv_path_is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

int kv_path_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}
