/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The option table: name, help, type, default, range and unit of each option stand once; reading
 * the command line, --help, validation and the manual all come from it.
 */
#ifndef KV_BASE_OPTIONS_H
#define KV_BASE_OPTIONS_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"

typedef enum kv_option_type {
    KV_OPTION_FLAG,    /* int: 0 or 1; --name, --name=yes, --name=no */
    KV_OPTION_INTEGER, /* long */
    KV_OPTION_NUMBER,  /* double */
    KV_OPTION_TEXT,    /* const char *, points into argv */
    KV_OPTION_CHOICE,  /* int: index into choices, -1 when there is no default */
    KV_OPTION_LIST     /* repeatable text: kv_option_list */
} kv_option_type;

typedef struct kv_option_list {
    const char **items; /* point into argv; the array is owned */
    int count;
} kv_option_list;

typedef struct kv_option {
    const char *name; /* "gap" for --gap; one letter for -o */
    kv_option_type type;
    size_t offset;              /* of the value in the command's struct */
    const char *unit;           /* "s", "MEUR", or NULL */
    double low, high;           /* allowed range of a number, both included; 0, 0 = any */
    const char *default_text;   /* as a user would type it; NULL = none */
    const char *const *choices; /* NULL-ended, for KV_OPTION_CHOICE */
    const char *help;           /* one sentence */
} kv_option;

typedef struct kv_command_line {
    const char *name;                 /* "solve" */
    const char *arguments;            /* "CASE -o DIR" for the usage line */
    const char *summary;              /* one sentence */
    const kv_option *options;         /* ends with name == NULL */
    int min_arguments, max_arguments; /* positional ones */
} kv_command_line;

/* Read argv (without program and command name) into `values` (the command's struct) and
 * `positional` (room for max_arguments). A value that is not given is its default, else 0, NULL, an
 * empty list, or -1 for a choice; of several given the last counts. "--name=value" and
 * "--name value" are both read; "--" ends options. All faults go to `messages` at once;
 * KV_ERR_INPUT when there is one, KV_ERR_INTERNAL when a default is wrong. Lists must be freed with
 * kv_options_free. */
kv_status kv_options_read(const kv_command_line *command, int argc, char **argv, void *values,
                          const char **positional, int *n_positional, kv_messages *messages);
void kv_options_free(const kv_command_line *command, void *values);

/* The help text of a command, and its section of the manual in Markdown. */
void kv_options_help(const kv_command_line *command, kv_text *out);
void kv_options_manual(const kv_command_line *command, kv_text *out);

#endif
