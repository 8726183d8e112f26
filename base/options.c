/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options.h"

#include "base/memory.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

static void *value_at(const kv_option *option, void *values)
{
    return (char *)values + option->offset;
}

static const char *dashes(const kv_option *option)
{
    return option->name[1] ? "--" : "-";
}

/* An option whose range was left out (0, 0) takes any number. */
static int has_range(const kv_option *option)
{
    return option->low != 0 || option->high != 0;
}

static int has_low(const kv_option *option)
{
    return has_range(option) && option->low > -DBL_MAX;
}

static int has_high(const kv_option *option)
{
    return has_range(option) && option->high < DBL_MAX;
}

/* "at least 1", "at most 5", "0 to 1", or nothing. */
static void add_range(kv_text *out, const kv_option *option)
{
    if (has_low(option) && has_high(option)) {
        kv_text_add_number(out, option->low);
        kv_text_add(out, " to ");
        kv_text_add_number(out, option->high);
    } else if (has_low(option)) {
        kv_text_add(out, "at least ");
        kv_text_add_number(out, option->low);
    } else if (has_high(option)) {
        kv_text_add(out, "at most ");
        kv_text_add_number(out, option->high);
    }
}

static void add_choices(kv_text *out, const kv_option *option, const char *separator)
{
    for (int i = 0; option->choices[i]; i++) {
        kv_text_add(out, i ? separator : "");
        kv_text_add(out, option->choices[i]);
    }
}

/* What the value should look like, after "give ". */
static void add_expected(kv_text *out, const kv_option *option)
{
    int numeric = option->type == KV_OPTION_INTEGER || option->type == KV_OPTION_NUMBER;
    switch (option->type) {
    case KV_OPTION_FLAG: kv_text_add(out, "yes or no"); break;
    case KV_OPTION_INTEGER: kv_text_add(out, "a whole number"); break;
    case KV_OPTION_NUMBER: kv_text_add(out, "a number"); break;
    case KV_OPTION_CHOICE:
        kv_text_add(out, "one of ");
        add_choices(out, option, ", ");
        break;
    default: kv_text_add(out, "a text");
    }
    if (numeric && option->unit)
        kv_text_addf(out, " in %s", option->unit);
    if (numeric && (has_low(option) || has_high(option))) {
        kv_text_add(out, ", ");
        add_range(out, option);
    }
}

static kv_status value_fault(const kv_option *option, const char *value, const char *wrong,
                             kv_messages *messages)
{
    kv_text mend = {0};
    kv_text_add(&mend, "give ");
    add_expected(&mend, option);
    kv_where where = {.value = value};
    kv_messages_add(messages, KV_FAULT, &where, mend.failed ? NULL : mend.data, "%s%s: '%s' %s",
                    dashes(option), option->name, value, wrong);
    kv_text_clear(&mend);
    return KV_ERR_INPUT;
}

static int in_range(const kv_option *option, double number)
{
    return !has_range(option) || (number >= option->low && number <= option->high);
}

static kv_status set_flag(const kv_option *option, void *values, const char *value,
                          kv_messages *messages)
{
    static const char *const words[] = {"0", "1", "no", "yes", "off", "on", "false", "true"};
    for (int i = 0; i < 8; i++) {
        if (strcmp(value, words[i]) == 0) {
            *(int *)value_at(option, values) = i % 2;
            return KV_OK;
        }
    }
    return value_fault(option, value, "is neither yes nor no", messages);
}

static kv_status set_integer(const kv_option *option, void *values, const char *value,
                             kv_messages *messages)
{
    const char *digits = value + (*value == '-' || *value == '+');
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (*digits < '0' || *digits > '9' || *end)
        return value_fault(option, value, "is not a whole number", messages);
    if (errno == ERANGE || !in_range(option, (double)number))
        return value_fault(option, value, "is out of range", messages);
    *(long *)value_at(option, values) = number;
    return KV_OK;
}

static kv_status set_number(const kv_option *option, void *values, const char *value,
                            kv_messages *messages)
{
    double number;
    int failed = kv_parse_number(value, '.', &number);
    if (failed == -1)
        return value_fault(option, value, "is not a number", messages);
    if (failed || !in_range(option, number))
        return value_fault(option, value, "is out of range", messages);
    *(double *)value_at(option, values) = number;
    return KV_OK;
}

static kv_status set_choice(const kv_option *option, void *values, const char *value,
                            kv_messages *messages)
{
    for (int i = 0; option->choices[i]; i++) {
        if (strcmp(value, option->choices[i]) == 0) {
            *(int *)value_at(option, values) = i;
            return KV_OK;
        }
    }
    return value_fault(option, value, "is none of the choices", messages);
}

static kv_status list_append(const kv_option *option, void *values, const char *value)
{
    kv_option_list *list = value_at(option, values);
    size_t count = (size_t)list->count;
    const char **items = kv_realloc(list->items, count + 1, sizeof(char *));
    if (!items)
        return KV_ERR_MEMORY;
    items[list->count++] = value;
    list->items = items;
    return KV_OK;
}

static kv_status set_value(const kv_option *option, void *values, const char *value,
                           kv_messages *messages)
{
    switch (option->type) {
    case KV_OPTION_FLAG: return set_flag(option, values, value, messages);
    case KV_OPTION_INTEGER: return set_integer(option, values, value, messages);
    case KV_OPTION_NUMBER: return set_number(option, values, value, messages);
    case KV_OPTION_CHOICE: return set_choice(option, values, value, messages);
    case KV_OPTION_LIST: return list_append(option, values, value);
    case KV_OPTION_TEXT: *(const char **)value_at(option, values) = value; return KV_OK;
    }
    return KV_ERR_INTERNAL;
}

/* The value of an option that has no default: 0, NULL, an empty list, no choice. */
static void set_empty(const kv_option *option, void *values)
{
    void *value = value_at(option, values);
    switch (option->type) {
    case KV_OPTION_FLAG: *(int *)value = 0; break;
    case KV_OPTION_INTEGER: *(long *)value = 0; break;
    case KV_OPTION_NUMBER: *(double *)value = 0; break;
    case KV_OPTION_TEXT: *(const char **)value = NULL; break;
    case KV_OPTION_CHOICE: *(int *)value = -1; break;
    case KV_OPTION_LIST: *(kv_option_list *)value = (kv_option_list){NULL, 0}; break;
    }
}

static kv_status set_defaults(const kv_command_line *command, void *values, kv_messages *messages)
{
    kv_status status = KV_OK;
    for (const kv_option *option = command->options; option && option->name; option++)
        set_empty(option, values);
    for (const kv_option *option = command->options; option && option->name; option++) {
        if (status == KV_OK && option->default_text && option->type != KV_OPTION_LIST)
            status = set_value(option, values, option->default_text, messages);
    }
    return status == KV_ERR_INPUT ? KV_ERR_INTERNAL : status;
}

/* The default of a list stands only where the user gave none. */
static kv_status set_list_defaults(const kv_command_line *command, void *values)
{
    kv_status status = KV_OK;
    for (const kv_option *option = command->options; option && option->name; option++) {
        if (status != KV_OK || option->type != KV_OPTION_LIST || !option->default_text)
            continue;
        if (((kv_option_list *)value_at(option, values))->count == 0)
            status = list_append(option, values, option->default_text);
    }
    return status;
}

/* ---- reading the command line ---- */

typedef struct reader {
    const kv_command_line *command;
    int argc;
    char **argv;
    int at; /* index of the word being read */
    void *values;
    const char **positional;
    int n_positional; /* seen, also those for which there is no room */
    int unknown;      /* 1 = an unknown option, whose value may look like an argument */
    kv_messages *messages;
} reader;

static const kv_option *find_option(const kv_command_line *command, const char *name, size_t length)
{
    for (const kv_option *option = command->options; option && option->name; option++) {
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

static kv_status unknown_option(reader *r, const char *word)
{
    r->unknown = 1;
    const kv_option *closest = NULL;
    const char *name = word + strspn(word, "-");
    size_t length = strcspn(name, "=");
    kv_text given = {0}, mend = {0};
    kv_text_add_bytes(&given, name, length);
    int least = 3; /* farther away is no misspelling */
    for (const kv_option *option = r->command->options; option && option->name; option++) {
        int distance = given.failed ? least : kv_text_distance(option->name, given.data);
        if (distance < least && option->name[1]) {
            least = distance;
            closest = option;
        }
    }
    if (closest)
        kv_text_addf(&mend, "did you mean --%s?", closest->name);
    else
        kv_text_addf(&mend, "see kvarken help %s", r->command->name);
    kv_messages_add(r->messages, KV_FAULT, NULL, mend.failed ? NULL : mend.data,
                    "%.*s is not an option of kvarken %s", (int)(name + length - word), word,
                    r->command->name);
    kv_text_clear(&given);
    kv_text_clear(&mend);
    return KV_ERR_INPUT;
}

/* The next word as the value of an option, or NULL: another option is none, but "-5" is. */
static const char *next_value(reader *r)
{
    if (r->at + 1 >= r->argc || strncmp(r->argv[r->at + 1], "--", 2) == 0)
        return NULL;
    return r->argv[++r->at];
}

/* `attached` is the value in the same word, or NULL. */
static kv_status read_option(reader *r, const kv_option *option, const char *attached)
{
    const char *value = attached;
    if (!value && option->type == KV_OPTION_FLAG)
        value = "1";
    if (!value)
        value = next_value(r);
    if (value)
        return set_value(option, r->values, value, r->messages);
    kv_text mend = {0};
    kv_text_add(&mend, "give ");
    add_expected(&mend, option);
    kv_messages_add(r->messages, KV_FAULT, NULL, mend.failed ? NULL : mend.data,
                    "%s%s needs a value", dashes(option), option->name);
    kv_text_clear(&mend);
    return KV_ERR_INPUT;
}

static kv_status read_word(reader *r)
{
    const char *word = r->argv[r->at];
    if (word[0] != '-' || word[1] == 0) {
        if (r->n_positional < r->command->max_arguments)
            r->positional[r->n_positional] = word;
        r->n_positional++;
        return KV_OK;
    }
    int is_long = word[1] == '-';
    const char *name = word + 1 + is_long;
    size_t length = is_long ? strcspn(name, "=") : 1;
    const kv_option *option = find_option(r->command, name, length);
    if (!option || (option->name[1] != 0) != is_long)
        return unknown_option(r, word);
    const char *rest = name + length;
    if (*rest == '=')
        return read_option(r, option, rest + 1);
    return read_option(r, option, *rest ? rest : NULL);
}

static kv_status check_positional(const reader *r)
{
    const kv_command_line *command = r->command;
    const char *wrong = NULL;
    if (r->n_positional < command->min_arguments)
        wrong = "too few arguments";
    else if (r->n_positional > command->max_arguments && !r->unknown)
        wrong = "too many arguments";
    if (!wrong)
        return KV_OK;
    kv_text mend = {0};
    kv_text_addf(&mend, "write: kvarken %s %s", command->name, command->arguments);
    kv_messages_add(r->messages, KV_FAULT, NULL, mend.failed ? NULL : mend.data, "%s", wrong);
    kv_text_clear(&mend);
    return KV_ERR_INPUT;
}

/* Reads all words, so that all faults are told at once. */
static kv_status read_words(reader *r)
{
    kv_status status = KV_OK;
    int only_positional = 0;
    for (r->at = 0; r->at < r->argc && status != KV_ERR_MEMORY; r->at++) {
        const char *word = r->argv[r->at];
        kv_status one = KV_OK;
        if (only_positional && r->n_positional++ < r->command->max_arguments)
            r->positional[r->n_positional - 1] = word;
        else if (!only_positional && strcmp(word, "--") == 0)
            only_positional = 1;
        else if (!only_positional)
            one = read_word(r);
        if (one != KV_OK)
            status = one;
    }
    kv_status count = status == KV_ERR_MEMORY ? KV_OK : check_positional(r);
    return count != KV_OK ? count : status;
}

kv_status kv_options_read(const kv_command_line *command, int argc, char **argv, void *values,
                          const char **positional, int *n_positional, kv_messages *messages)
{
    reader r = {.command = command,
                .argc = argc,
                .argv = argv,
                .values = values,
                .positional = positional,
                .messages = messages};
    kv_status status = set_defaults(command, values, messages);
    if (status == KV_OK)
        status = read_words(&r);
    if (status == KV_OK)
        status = set_list_defaults(command, values);
    *n_positional =
        r.n_positional < command->max_arguments ? r.n_positional : command->max_arguments;
    if (status != KV_OK)
        kv_options_free(command, values);
    return status;
}

void kv_options_free(const kv_command_line *command, void *values)
{
    for (const kv_option *option = command->options; option && option->name; option++) {
        if (option->type != KV_OPTION_LIST)
            continue;
        kv_option_list *list = value_at(option, values);
        kv_free(list->items);
        *list = (kv_option_list){NULL, 0};
    }
}

/* ---- help and manual ---- */

static const char *value_word(const kv_option *option)
{
    switch (option->type) {
    case KV_OPTION_FLAG: return "";
    case KV_OPTION_INTEGER: return " N";
    case KV_OPTION_NUMBER: return " X";
    case KV_OPTION_CHOICE: return " CHOICE";
    default: return " TEXT";
    }
}

static void add_note(kv_text *out, const char *word, const char *note)
{
    kv_text_addf(out, "%s%s%s", out->length ? "; " : "", word, note);
}

/* "s; 0 to 1; default 0.01": all that is known of the value beyond the help. */
static void add_notes(kv_text *out, const kv_option *option)
{
    kv_text notes = {0}, part = {0};
    if (option->unit)
        add_note(&notes, "in ", option->unit);
    if (option->type == KV_OPTION_INTEGER || option->type == KV_OPTION_NUMBER)
        add_range(&part, option);
    if (option->type == KV_OPTION_CHOICE)
        add_choices(&part, option, ", ");
    if (part.length)
        add_note(&notes, "", part.data);
    if (option->type == KV_OPTION_LIST)
        add_note(&notes, "", "may be repeated");
    if (option->default_text && option->type != KV_OPTION_FLAG)
        add_note(&notes, "default ", option->default_text);
    else if (option->default_text)
        add_note(&notes, "default ", strcmp(option->default_text, "1") == 0 ? "yes" : "no");
    kv_text_add(out, notes.data);
    out->failed |= notes.failed | part.failed;
    kv_text_clear(&part);
    kv_text_clear(&notes);
}

void kv_options_help(const kv_command_line *command, kv_text *out)
{
    int any = command->options && command->options->name;
    kv_text_addf(out, "Usage: kvarken %s %s%s\n\n%s\n", command->name, command->arguments,
                 any ? " [options]" : "", command->summary);
    if (any)
        kv_text_add(out, "\nOptions:\n");
    for (const kv_option *option = command->options; option && option->name; option++) {
        kv_text notes = {0};
        add_notes(&notes, option);
        kv_text_addf(out, "  %s%s%s\n      %s", dashes(option), option->name, value_word(option),
                     option->help);
        if (notes.length)
            kv_text_addf(out, " (%s)", notes.data);
        kv_text_add(out, "\n");
        out->failed |= notes.failed;
        kv_text_clear(&notes);
    }
}

void kv_options_manual(const kv_command_line *command, kv_text *out)
{
    int any = command->options && command->options->name;
    kv_text_addf(out, "## kvarken %s\n\n%s\n\n```\nkvarken %s %s%s\n```\n", command->name,
                 command->summary, command->name, command->arguments, any ? " [options]" : "");
    if (any)
        kv_text_add(out, "\n| option | meaning | value |\n| --- | --- | --- |\n");
    for (const kv_option *option = command->options; option && option->name; option++) {
        kv_text_addf(out, "| `%s%s%s` | %s | ", dashes(option), option->name, value_word(option),
                     option->help);
        add_notes(out, option);
        kv_text_add(out, " |\n");
    }
    kv_text_add(out, "\n");
}
