/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bench/list.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "instances/benchmark/benchmark.h"

#include <math.h>
#include <string.h>

enum { MOST_FIELDS = 16 };

/* The columns of a list; each but best_known is a text of the instance. */
static const struct column {
    const char *name;
    size_t offset;
    const char *const *choices;
} columns[] = {
    {"instance", offsetof(cli_bench_instance, path), NULL},
    {"topology", offsetof(cli_bench_instance, topology), NULL},
    {"name", offsetof(cli_bench_instance, name), NULL},
    {"scenario", offsetof(cli_bench_instance, scenario), NULL},
    {"capacity", offsetof(cli_bench_instance, capacity), NULL},
    {"modules", offsetof(cli_bench_instance, modules), kv_benchmark_modules_names},
    {"commodities", offsetof(cli_bench_instance, commodities), kv_benchmark_commodities_names},
    {"best_known", offsetof(cli_bench_instance, best_known), NULL},
};
enum {
    N_COLUMNS = sizeof columns / sizeof *columns,
    INSTANCE = 0,
    TOPOLOGY,
    CAPACITY = 4,
    BEST = 7
};

/* A list being read. */
typedef struct reading {
    const char *file, *folder;
    cli_bench_list *list;
    kv_messages *messages;
    long line;
    char *field[MOST_FIELDS]; /* of the line, in its own bytes */
    int n_fields;
    int column[MOST_FIELDS]; /* what the fields are; -1 = not known */
    int n_columns, headed;
    int bad, no_memory;
} reading;

static void fault(reading *r, int field, const char *mend, const char *value, const char *what)
{
    kv_where where = {.file = r->file, .line = r->line, .field = field + 1};
    if (value)
        kv_messages_add(r->messages, KV_FAULT, &where, mend, "'%s': %s", value, what);
    else
        kv_messages_add(r->messages, KV_FAULT, &where, mend, "%s", what);
    r->bad = 1;
}

/* ---- one line into fields ---- */

static char *skip_blanks(char *at)
{
    return at + strspn(at, " \t");
}

/* A field in quotes, its quotes taken off and doubled ones made single; gives what follows it, NULL
 * when it has no end. */
static char *unquote(char *at)
{
    char *to = at;
    for (at++; *at; at++) {
        if (*at == '"' && at[1] != '"')
            break;
        at += *at == '"';
        *to++ = *at;
    }
    if (*at == 0)
        return NULL;
    *to = 0;
    return skip_blanks(at + 1);
}

/* A field without quotes: gives the comma or the end after it, and takes blanks off its end. */
static char *plain(char *at)
{
    char *end = at + strcspn(at, ","), *last = end;
    while (last > at && strchr(" \t", last[-1]))
        last--;
    if (last < end)
        *last = 0;
    return end;
}

/* 0, or -1 with a fault. */
static int split(reading *r, char *line)
{
    r->n_fields = 0;
    for (char *at = skip_blanks(line);; at = skip_blanks(at + 1)) {
        if (r->n_fields == MOST_FIELDS) {
            fault(r, MOST_FIELDS - 1, "leave some out", NULL, "the line has too many fields");
            return -1;
        }
        r->field[r->n_fields++] = at;
        char *end = *at == '"' ? unquote(at) : plain(at);
        if (!end || (*end && *end != ',')) {
            fault(r, r->n_fields - 1, "put a quote at its end, and double those in it", NULL,
                  "the field's quotes do not match");
            return -1;
        }
        if (*end == 0)
            return 0;
        *end = 0;
        at = end;
    }
}

/* ---- the header ---- */

static int column_of(const char *name)
{
    for (int c = 0; c < N_COLUMNS; c++)
        if (strcmp(columns[c].name, name) == 0)
            return c;
    return -1;
}

static void read_header(reading *r)
{
    for (int f = 0; f < r->n_fields; f++) {
        r->column[f] = column_of(r->field[f]);
        if (r->column[f] < 0)
            fault(r, f,
                  "the columns are instance, topology, name, scenario, capacity, modules, "
                  "commodities and best_known",
                  r->field[f], "there is no such column");
        for (int g = 0; g < f; g++)
            if (r->column[f] >= 0 && r->column[g] == r->column[f])
                fault(r, f, "leave one out", r->field[f], "the column is there twice");
    }
    r->n_columns = r->n_fields;
    r->headed = 1;
}

/* ---- an instance ---- */

static char **text_of(cli_bench_instance *instance, int column)
{
    return (char **)(void *)((char *)instance + columns[column].offset);
}

static void take_value(reading *r, int f, cli_bench_instance *instance)
{
    const struct column *c = &columns[r->column[f]];
    const char *value = r->field[f];
    double number = 0;
    int known = c->choices == NULL;
    for (int i = 0; !known && c->choices[i]; i++)
        known = strcmp(c->choices[i], value) == 0;
    if (!known)
        fault(r, f, c->choices == kv_benchmark_modules_names ? "many or one" : "sources or pairs",
              value, "it is none of the choices");
    if ((r->column[f] == CAPACITY || r->column[f] == BEST) &&
        (kv_parse_number(value, '.', &number) != 0 || (r->column[f] == CAPACITY && number < 0)))
        fault(r, f, "write a number such as 8000 or 423848.5, capacities from 0 on", value,
              "it is no number that this column can have");
    if (r->column[f] == BEST) {
        instance->best_known = number;
        return;
    }
    char **text = text_of(instance, r->column[f]);
    *text = r->column[f] <= TOPOLOGY && *value != '/' ? kv_path_join(r->folder, value)
                                                      : kv_strdup(value);
    r->no_memory |= *text == NULL;
}

static int field_of(const reading *r, int column)
{
    for (int f = 0; f < r->n_columns; f++)
        if (r->column[f] == column)
            return f;
    return 0;
}

static void check_files(reading *r, const cli_bench_instance *instance)
{
    if (!instance->path)
        fault(r, field_of(r, INSTANCE), "write its path, relative to the folder of the list", NULL,
              "the instance is missing");
    else if (!kv_path_exists(instance->path))
        fault(r, field_of(r, INSTANCE), "check the spelling of the path", instance->path,
              "there is no such file or folder");
    if (instance->topology && !kv_path_exists(instance->topology))
        fault(r, field_of(r, TOPOLOGY), "check the spelling of the path", instance->topology,
              "there is no such file");
}

/* Adds "@" and the file's name, without folder and without ending. */
static void add_stem(kv_text *name, const char *path, int cut_ending)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    size_t start = length;
    while (start > 0 && path[start - 1] != '/')
        start--;
    for (size_t i = length - 1; cut_ending && i > start; i--)
        if (path[i] == '.') {
            length = i;
            break;
        }
    kv_text_add(name, name->length > 0 ? "@" : "");
    kv_text_add_bytes(name, path + start, length - start);
}

/* A name made of the path and the options, where the list gives none. */
static void name_it(reading *r, cli_bench_instance *instance)
{
    const char *const texts[] = {instance->scenario, instance->capacity, instance->modules,
                                 instance->commodities};
    kv_text name = {0};
    if (instance->name || !instance->path)
        return;
    add_stem(&name, instance->path, !kv_path_is_folder(instance->path));
    if (instance->topology)
        add_stem(&name, instance->topology, 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i])
            kv_text_addf(&name, "@%s", texts[i]);
    if (!name.failed)
        instance->name = kv_strdup(name.data);
    r->no_memory |= instance->name == NULL;
    kv_text_clear(&name);
}

/* 1 = files of the two would have the same name: they differ at most in what becomes '_'. */
static int collide(const char *a, const char *b)
{
    static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-@+.";
    for (; *a && *b; a++, b++)
        if (*a != *b && (strchr(kept, *a) || strchr(kept, *b)))
            return 0;
    return *a == *b;
}

static void check_name(reading *r, const cli_bench_instance *instance)
{
    for (size_t i = 0; instance->name && i < r->list->count; i++)
        if (r->list->instance[i].name && collide(r->list->instance[i].name, instance->name))
            fault(r, 0, "give each a name of its own in a column `name`", instance->name,
                  "an instance of the same name stands further up");
}

static void clear_instance(cli_bench_instance *instance)
{
    for (int c = 0; c < N_COLUMNS; c++)
        if (c != BEST)
            kv_free(*text_of(instance, c));
    *instance = (cli_bench_instance){0};
}

static void read_instance(reading *r)
{
    cli_bench_instance instance = {.best_known = (double)NAN, .line = r->line};
    void *all = r->list->instance;
    if (r->n_fields > r->n_columns)
        fault(r, r->n_columns,
              r->headed ? "leave it out, or name it in the first line"
                        : "name the columns in a first line, as in instance,topology,best_known",
              r->field[r->n_columns], "there is no column for it");
    for (int f = 0; f < r->n_fields && f < r->n_columns && !r->no_memory; f++)
        if (*r->field[f] && r->column[f] >= 0)
            take_value(r, f, &instance);
    check_files(r, &instance);
    name_it(r, &instance);
    check_name(r, &instance);
    if (kv_reserve(&all, &r->list->capacity, r->list->count + 1, sizeof instance) != 0) {
        r->no_memory = 1;
        clear_instance(&instance);
        return;
    }
    r->list->instance = all;
    r->list->instance[r->list->count++] = instance;
}

/* ---- the list ---- */

static void read_line(reading *r, char *line)
{
    size_t length = strlen(line);
    if (length > 0 && line[length - 1] == '\r')
        line[length - 1] = 0;
    line = skip_blanks(line);
    if (*line == 0 || *line == '#' || split(r, line) != 0)
        return;
    if (!r->headed && r->list->count == 0 && column_of(r->field[0]) >= 0)
        read_header(r);
    else
        read_instance(r);
}

kv_status cli_bench_list_parse(const char *text, const char *name, const char *folder,
                               cli_bench_list *list, kv_messages *messages)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* byte-order mark */
    reading r = {.file = name,
                 .folder = folder,
                 .list = list,
                 .messages = messages,
                 .column = {INSTANCE, TOPOLOGY},
                 .n_columns = 2};
    *list = (cli_bench_list){0};
    char *copy = kv_strdup(strncmp(text, mark, 3) == 0 ? text + 3 : text);
    r.no_memory = copy == NULL;
    for (char *line = copy, *next; line && !r.no_memory; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        r.line++;
        read_line(&r, line);
    }
    if (!r.no_memory && !r.bad && list->count == 0) {
        r.line = 0;
        fault(&r, -1, "write a path a line", NULL, "the list has no instance");
    }
    kv_free(copy);
    return r.no_memory ? KV_ERR_MEMORY : r.bad ? KV_ERR_INPUT : KV_OK;
}

kv_status cli_bench_list_read(const char *path, cli_bench_list *list, kv_messages *messages)
{
    int standard = strcmp(path, "-") == 0;
    const char *slash = standard ? NULL : strrchr(path, '/');
    size_t length = 0, n_folder = slash ? (size_t)(slash - path) + 1 : 0;
    char *text = NULL, *folder = kv_alloc(n_folder + 1, 1);
    *list = (cli_bench_list){0};
    if (!folder)
        return KV_ERR_MEMORY;
    memcpy(folder, path, n_folder);
    kv_status status = kv_file_read(standard ? "/dev/stdin" : path, &text, &length, messages);
    if (status == KV_OK)
        status =
            cli_bench_list_parse(text, standard ? "standard input" : path, folder, list, messages);
    kv_free(text);
    kv_free(folder);
    return status;
}

void cli_bench_list_clear(cli_bench_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        clear_instance(&list->instance[i]);
    kv_free(list->instance);
    *list = (cli_bench_list){0};
}

int cli_bench_case_words(const cli_bench_instance *instance, int with_scenario,
                         const char *words[CLI_CASE_WORDS])
{
    const char *const pairs[][2] = {{"--topology", instance->topology},
                                    {"--capacity", instance->capacity},
                                    {"--modules", instance->modules},
                                    {"--commodities", instance->commodities},
                                    {"--scenario", with_scenario ? instance->scenario : NULL}};
    int n = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!pairs[i][1])
            continue;
        words[n++] = pairs[i][0];
        words[n++] = pairs[i][1];
    }
    return n;
}
