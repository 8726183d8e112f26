/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[40];

static void set_up(void)
{
    strcpy(folder, "/tmp/kvarken-file-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static void tear_down(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        perror(command);
}

TestSuite(file, .init = set_up, .fini = tear_down);

/* A path in the test's folder; good until the fourth call after. */
static const char *in_folder(const char *name)
{
    static char paths[4][300];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int items_in(const char *path)
{
    DIR *items = opendir(path);
    int n = -2; /* . and .. */
    while (readdir(items))
        n++;
    closedir(items);
    return n;
}

static void expect_contents(const char *path, const char *expected)
{
    char *data;
    size_t length;
    cr_assert_eq(kv_file_read(path, &data, &length, NULL), KV_OK);
    cr_assert_str_eq(data, expected);
    cr_assert_eq(length, strlen(expected));
    kv_free(data);
}

static kv_status write_text(const char *path, const char *text, kv_messages *messages)
{
    return kv_file_write(path, text, strlen(text), messages);
}

/* The only message holds `part`. */
static void expect_message(kv_messages *messages, const char *part)
{
    cr_assert_eq(kv_messages_count(messages), 1);
    char *text = kv_message_text(kv_messages_get(messages, 0));
    cr_assert_not_null(strstr(text, part), "'%s' does not hold '%s'", text, part);
    kv_free(text);
    kv_messages_free(messages);
}

Test(file, is_written_and_read)
{
    const char *path = in_folder("plan.json");
    cr_assert_eq(write_text(path, "{}\n", NULL), KV_OK);
    expect_contents(path, "{}\n");
    cr_assert_eq(write_text(path, "another, longer", NULL), KV_OK);
    expect_contents(path, "another, longer");
    cr_assert_eq(kv_file_write(path, NULL, 0, NULL), KV_OK);
    expect_contents(path, "");
    cr_assert_eq(items_in(folder), 1);
}

Test(file, of_any_bytes_and_many)
{
    const char *path = in_folder("large");
    size_t n = 5000001, length;
    char *data = kv_alloc(n, 1), *back;
    for (size_t i = 0; i < n; i++)
        data[i] = (char)(i * 7);
    cr_assert_eq(kv_file_write(path, data, n, NULL), KV_OK);
    cr_assert_eq(kv_file_read(path, &back, &length, NULL), KV_OK);
    cr_assert_eq(length, n);
    cr_assert_eq(memcmp(data, back, n), 0);
    cr_assert_eq(back[n], 0);
    kv_free(back);
    kv_free(data);
}

Test(file, a_bare_name_is_in_the_current_folder)
{
    cr_assert_eq(chdir(folder), 0);
    cr_assert_eq(write_text("bare", "here", NULL), KV_OK);
    expect_contents(in_folder("bare"), "here");
    cr_assert_eq(chdir("/"), 0);
}

Test(file, a_name_as_long_as_can_be)
{
    char name[256];
    memset(name, 'n', 255);
    name[255] = 0;
    cr_assert_eq(write_text(in_folder(name), "long", NULL), KV_OK);
    cr_assert_eq(items_in(folder), 1);
}

Test(file, keeps_the_mode_and_heeds_umask)
{
    struct stat about;
    const char *path = in_folder("mode");
    umask(027);
    cr_assert_eq(write_text(path, "new", NULL), KV_OK);
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0640);
    cr_assert_eq(chmod(path, 0604), 0);
    cr_assert_eq(write_text(path, "old", NULL), KV_OK);
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0604);
}

Test(file, a_symbolic_link_stays)
{
    struct stat about;
    cr_assert_eq(write_text(in_folder("target"), "old", NULL), KV_OK);
    cr_assert_eq(symlink("target", in_folder("link")), 0);
    cr_assert_eq(write_text(in_folder("link"), "new", NULL), KV_OK);
    expect_contents(in_folder("target"), "new");
    cr_assert_eq(lstat(in_folder("link"), &about), 0);
    cr_assert(S_ISLNK(about.st_mode));
}

Test(file, a_device_is_written_to_and_not_replaced)
{
    struct stat about;
    cr_assert_eq(write_text("/dev/null", "gone", NULL), KV_OK);
    cr_assert_eq(stat("/dev/null", &about), 0);
    cr_assert(S_ISCHR(about.st_mode));
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(write_text("/dev/full", "no room", messages), KV_ERR_IO);
    expect_message(messages, "the disk is full");
}

Test(file, a_folder_cannot_be_written_or_read)
{
    char *data;
    size_t length;
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(write_text(folder, "x", messages), KV_ERR_IO);
    expect_message(messages, "it is a folder");
    messages = kv_messages_create();
    cr_assert_eq(kv_file_read(folder, &data, &length, messages), KV_ERR_IO);
    expect_message(messages, "the file cannot be read: it is a folder");
    cr_assert_null(data);
    cr_assert_eq(items_in(folder), 0);
}

Test(file, a_missing_folder_or_file_is_told)
{
    char *data;
    size_t length;
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(write_text(in_folder("no/where"), "x", messages), KV_ERR_IO);
    expect_message(messages, "there is no such file or folder");
    messages = kv_messages_create();
    cr_assert_eq(kv_file_read(in_folder("nothing"), &data, &length, messages), KV_ERR_IO);
    expect_message(messages, "check the spelling");
    messages = kv_messages_create();
    cr_assert_eq(write_text("", "x", messages), KV_ERR_IO);
    expect_message(messages, "the file cannot be written");
    cr_assert_eq(kv_file_write(NULL, "x", 1, NULL), KV_ERR_ARGUMENT);
    cr_assert_eq(kv_file_write(in_folder("x"), NULL, 1, NULL), KV_ERR_ARGUMENT);
}

Test(file, a_name_too_long_is_told)
{
    char name[280];
    memset(name, 'n', 270);
    name[270] = 0;
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(write_text(in_folder(name), "x", messages), KV_ERR_IO);
    expect_message(messages, "the path is too long");
    cr_assert_eq(items_in(folder), 0, "no temporary file is left");
}

/* The old file stays, nothing else is there, and the reason is told. */
static void write_without_room(const char *path, const char *part)
{
    size_t n = 1 << 20;
    char *data = kv_alloc(n, 1);
    kv_messages *messages = kv_messages_create();
    int before = items_in(folder);
    cr_assert_eq(kv_file_write(path, data, n, messages), KV_ERR_IO);
    expect_message(messages, part);
    expect_contents(path, "old");
    cr_assert_eq(items_in(folder), before);
    kv_free(data);
}

Test(file, beyond_the_size_limit_keeps_the_old_one)
{
    struct rlimit limit;
    const char *path = in_folder("limited");
    cr_assert_eq(write_text(path, "old", NULL), KV_OK);
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    write_without_room(path, "the file would be larger than allowed; raise the limit");
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
}

Test(file, on_a_full_disk_keeps_the_old_one)
{
    char command[200];
    const char *path = in_folder("full");
    snprintf(command, sizeof command, "mount -t tmpfs -o size=128k none %s 2>/dev/null", folder);
    if (geteuid() != 0 || system(command) != 0)
        cr_skip_test("a small disk can only be mounted by root");
    cr_assert_eq(write_text(path, "old", NULL), KV_OK);
    write_without_room(path, "the disk is full; free some space");
    snprintf(command, sizeof command, "umount %s", folder);
    cr_assert_eq(system(command), 0);
}

Test(file, without_permission_is_told)
{
    const char *path = in_folder("locked/file");
    char *data;
    size_t length;
    cr_assert_eq(chmod(folder, 0755), 0);
    cr_assert_eq(mkdir(in_folder("locked"), 0755), 0);
    cr_assert_eq(write_text(path, "secret", NULL), KV_OK);
    cr_assert_eq(chmod(path, 0), 0);
    cr_assert_eq(chmod(in_folder("locked"), 0555), 0);
    if (geteuid() == 0)
        cr_assert_eq(seteuid(65534), 0);
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(write_text(path, "x", messages), KV_ERR_IO);
    expect_message(messages, "permission is denied");
    messages = kv_messages_create();
    cr_assert_eq(kv_file_read(path, &data, &length, messages), KV_ERR_IO);
    expect_message(messages, "permission is denied");
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
    chmod(in_folder("locked"), 0755);
}

Test(file, a_pipe_is_read_to_its_end)
{
    char path[40], expected[20001];
    int ends[2];
    memset(expected, 'p', 20000);
    expected[20000] = 0;
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], expected, 20000), 20000);
    close(ends[1]);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    expect_contents(path, expected);
    close(ends[0]);
}

Test(file, a_read_error_is_told)
{
    char *data;
    size_t length;
    kv_messages *messages = kv_messages_create();
    /* reading the first page of an address space fails with EIO */
    cr_assert_eq(kv_file_read("/proc/self/mem", &data, &length, messages), KV_ERR_IO);
    expect_message(messages, "the disk reports an error");
}

Test(file, folders_are_made_with_their_parents)
{
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(kv_folder_make(in_folder("a/b//c/"), messages), KV_OK);
    cr_assert(kv_path_is_folder(in_folder("a/b/c")));
    cr_assert_eq(kv_folder_make(in_folder("a/b/c"), messages), KV_OK);
    cr_assert_eq(kv_folder_make("/", messages), KV_OK);
    cr_assert_eq(kv_messages_count(messages), 0);
    cr_assert_eq(write_text(in_folder("a/file"), "x", messages), KV_OK);
    cr_assert_eq(kv_folder_make(in_folder("a/file"), messages), KV_ERR_IO);
    expect_message(messages, "a file of that name is in the way");
    messages = kv_messages_create();
    cr_assert_eq(kv_folder_make(in_folder("a/file/below"), messages), KV_ERR_IO);
    expect_message(messages, "the folder cannot be made");
    messages = kv_messages_create();
    cr_assert_eq(kv_folder_make("", messages), KV_ERR_IO);
    expect_message(messages, "the folder cannot be made");
    cr_assert_eq(kv_folder_make(NULL, NULL), KV_ERR_ARGUMENT);
}

Test(file, an_unknown_reason_has_its_number)
{
    kv_messages *messages = kv_messages_create();
    /* a socket cannot be opened: ENXIO, which has no words of its own */
    char command[300];
    snprintf(command, sizeof command, "mkfifo %s", in_folder("fifo"));
    cr_assert_eq(system(command), 0);
    int reader = open(in_folder("fifo"), O_RDONLY | O_NONBLOCK);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = (rlim_t)reader + 1;
    setrlimit(RLIMIT_NOFILE, &limit);
    cr_assert_eq(write_text(in_folder("fifo"), "x", messages), KV_ERR_IO);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_NOFILE, &limit);
    expect_message(messages, "too many files are open");
    close(reader);
}

Test(file, paths_are_joined)
{
    static const char *const cases[][3] = {
        {"dir", "name", "dir/name"}, {"dir/", "name", "dir/name"}, {"/", "name", "/name"},
        {"", "name", "name"},        {"dir", "", "dir/"},
    };
    for (int i = 0; i < 5; i++) {
        char *path = kv_path_join(cases[i][0], cases[i][1]);
        cr_assert_str_eq(path, cases[i][2]);
        kv_free(path);
    }
}

Test(file, paths_are_there_or_not)
{
    cr_assert_eq(write_text(in_folder("file"), "x", NULL), KV_OK);
    cr_assert(kv_path_exists(folder));
    cr_assert(kv_path_is_folder(folder));
    cr_assert(kv_path_exists(in_folder("file")));
    cr_assert_not(kv_path_is_folder(in_folder("file")));
    cr_assert_not(kv_path_exists(in_folder("nothing")));
    cr_assert_not(kv_path_is_folder(in_folder("nothing")));
}

/* All of it; the first status that is not KV_OK. */
static kv_status write_and_read(const char *path)
{
    char *data = NULL;
    size_t length;
    kv_status status = kv_folder_make(in_folder("sub"), NULL);
    if (status == KV_OK)
        status = write_text(path, "new", NULL);
    if (status == KV_OK)
        status = kv_file_read(path, &data, &length, NULL);
    if (status == KV_OK)
        cr_assert_str_eq(data, "new");
    kv_free(data);
    char *joined = kv_path_join("a", "b");
    if (status == KV_OK && !joined)
        status = KV_ERR_MEMORY;
    kv_free(joined);
    return status;
}

Test(file, failing_allocations)
{
    char path[100];
    snprintf(path, sizeof path, "%s", in_folder("sub/file"));
    for (long n = 1;; n++) {
        kv_memory_fail_at(n, 0);
        kv_status status = write_and_read(path);
        kv_memory_fail_at(0, 0);
        if (status == KV_OK)
            break;
        cr_assert_eq(status, KV_ERR_MEMORY);
        cr_assert_lt(n, 100);
    }
    cr_assert_eq(items_in(in_folder("sub")), 1);
}

Test(file, a_pipe_that_outgrows_memory)
{
    char path[40], bytes[20000] = "";
    int ends[2];
    for (long n = 1;; n++) {
        char *data;
        size_t length;
        cr_assert_eq(pipe(ends), 0);
        cr_assert_eq(write(ends[1], bytes, sizeof bytes), (ssize_t)sizeof bytes);
        close(ends[1]);
        snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
        kv_memory_fail_at(n, 0);
        kv_status status = kv_file_read(path, &data, &length, NULL);
        kv_memory_fail_at(0, 0);
        close(ends[0]);
        kv_free(data);
        if (status == KV_OK)
            break;
        cr_assert_eq(status, KV_ERR_MEMORY);
        cr_assert_lt(n, 100);
    }
}
