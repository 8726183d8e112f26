/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/process.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void must(int well, const char *what)
{
    if (well)
        return;
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    abort();
}

const char *test_program(void)
{
    const char *path = getenv("KV_PROGRAM");
#ifdef KV_PROGRAM
    if (!path)
        path = KV_PROGRAM;
#endif
    must(path && access(path, X_OK) == 0, "the program under test");
    return path;
}

static char *slurp(FILE *file)
{
    size_t length = 0, room = 4096;
    char *text = malloc(room);
    must(text != NULL, "memory");
    rewind(file);
    for (size_t n; (n = fread(text + length, 1, room - length - 1, file)) > 0;) {
        length += n;
        if (length + 1 == room)
            text = realloc(text, room *= 2);
        must(text != NULL, "memory");
    }
    text[length] = 0;
    return text;
}

static void run_child(const char *const *words, FILE *out, FILE *err)
{
    enum { MOST = 64 };
    char *argv[MOST + 2] = {NULL};
    int n = 0;
    argv[n++] = (char *)(size_t)test_program();
    for (int i = 0; words[i] && n <= MOST; i++)
        argv[n++] = (char *)(size_t)words[i];
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    execv(argv[0], argv);
    _exit(127);
}

static void pause_for(double seconds)
{
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

test_run test_kvarken_signal(const char *const *words, int signal, double after, int again)
{
    test_run run = {0};
    FILE *out = tmpfile(), *err = tmpfile();
    int status = 0;
    must(out && err, "temporary files");
    fflush(NULL);
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0)
        run_child(words, out, err);
    for (int sent = 0; signal && (sent == 0 || again); sent = 1) {
        pause_for(after);
        if (waitpid(child, &status, WNOHANG) == child)
            goto ended;
        kill(child, signal);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
ended:
    run.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    run.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    run.out = slurp(out);
    run.err = slurp(err);
    fclose(out);
    fclose(err);
    return run;
}

test_run test_kvarken(const char *const *words)
{
    return test_kvarken_signal(words, 0, 0, 0);
}

void test_run_clear(test_run *run)
{
    free(run->out);
    free(run->err);
    *run = (test_run){0};
}

char *test_path(const char *dir, const char *name)
{
    size_t size = strlen(dir) + strlen(name) + 2;
    char *path = malloc(size);
    must(path != NULL, "memory");
    snprintf(path, size, "%s/%s", dir, name);
    return path;
}

char *test_folder(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = test_path(parent ? parent : "/tmp", "kvarken-test-XXXXXX");
    must(mkdtemp(path) != NULL, path);
    return path;
}

char *test_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = file ? slurp(file) : NULL;
    if (file)
        fclose(file);
    return text;
}

void test_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    must(file != NULL, path);
    must(fputs(text, file) >= 0 && fclose(file) == 0, path);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    return remove(path);
}

void test_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

void test_copy_folder(const char *from, const char *to)
{
    must(mkdir(to, 0777) == 0 || errno == EEXIST, to);
    DIR *folder = opendir(from);
    must(folder != NULL, from);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_dot(entry->d_name))
            continue;
        char *source = test_path(from, entry->d_name), *target = test_path(to, entry->d_name);
        char *text = test_read(source);
        must(text != NULL, source);
        test_write(target, text);
        free(text);
        free(source);
        free(target);
    }
    closedir(folder);
}

int test_count_files(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    if (!folder)
        return -1;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += !is_dot(entry->d_name);
    closedir(folder);
    return count;
}
