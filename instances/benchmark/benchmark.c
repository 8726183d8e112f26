/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/benchmark/benchmark.h"

#include "base/file.h"
#include "base/memory.h"
#include "instances/benchmark/reader.h"
#include "instances/lines.h"

#include <string.h>

const char *const kv_benchmark_modules_names[] = {"many", "one", NULL};
const char *const kv_benchmark_commodities_names[] = {"sources", "pairs", NULL};

const char *kv_benchmark_format_name(int format)
{
    static const char *const names[KV_BENCHMARK_FORMATS] = {"canad", "sndlib", "location",
                                                            "scenarios"};
    return format >= 0 && format < KV_BENCHMARK_FORMATS ? names[format] : "unknown";
}

/* ---- what is read ---- */

typedef struct source {
    const char *bytes, *topology; /* topology: NULL = none */
    size_t length, topology_length;
    const char *file;
    const kv_benchmark_options *options;
    kv_messages *messages;
} source;

static int is_number(const kv_word *word)
{
    const char *end = word->text + word->length;
    for (const char *s = word->text; s < end; s++) {
        if ((*s < '0' || *s > '9') && *s != '.' && *s != '-' && *s != '+')
            return 0;
    }
    return 1;
}

/* Two numbers on the first line begin a location file, one a scenario file. */
static int recognise_numbers(kv_words *words, const kv_word *first)
{
    kv_word second;
    if (!is_number(first))
        return -1;
    if (!kv_words_in_line(words, &second))
        return KV_BENCHMARK_SCENARIOS;
    return is_number(&second) && kv_words_count_in_line(words) == 0 ? KV_BENCHMARK_LOCATION : -1;
}

/* The format by the first words; -1 with a fault when it is none. */
static int recognise(const char *bytes, size_t length, const char *file, kv_messages *messages)
{
    kv_words words;
    kv_word word;
    kv_words_start(&words, bytes, length, file, messages);
    if (!kv_words_line(&words)) {
        kv_words_fault(&words, NULL, NULL, NULL, "the file is empty");
        return -1;
    }
    kv_words_in_line(&words, &word);
    if (kv_word_is(&word, "MULTIGEN.DAT:"))
        return KV_BENCHMARK_CANAD;
    if (word.text[0] == '<')
        return KV_BENCHMARK_SNDLIB;
    int format = recognise_numbers(&words, &word);
    kv_where where = {.file = file, .line = word.line};
    if (format < 0)
        kv_messages_add(messages, KV_FAULT, &where,
                        "give a folder of tables, a .dow file of the Canad sets, an SNDlib network "
                        "(XML), a warehouse location file of OR-Library, or a scenario file",
                        "this is no case");
    return format;
}

/* The network first, then its scenarios. */
static kv_status read_scenarios(const source *from, kv_words *words, kv_benchmark *b)
{
    kv_words network;
    kv_where where = {.file = from->file};
    const char *file = from->options->topology ? from->options->topology : "topology";
    if (!from->topology) {
        kv_messages_add(from->messages, KV_FAULT, &where, "give it with --topology FILE.dow",
                        "a scenario file needs the network it is for");
        return KV_ERR_INPUT;
    }
    where.file = file;
    int format = recognise(from->topology, from->topology_length, file, from->messages);
    if (format >= 0 && format != KV_BENCHMARK_CANAD)
        kv_messages_add(from->messages, KV_FAULT, &where, "give a .dow file of the Canad sets",
                        "a topology has to be a .dow file");
    if (format != KV_BENCHMARK_CANAD)
        return KV_ERR_INPUT;
    if (!(b->topology = kv_strdup(file)))
        return KV_ERR_MEMORY;
    b->hash = kv_hash_bytes(b->hash, from->topology, from->topology_length);
    kv_words_start(&network, from->topology, from->topology_length, file, from->messages);
    kv_status status = kv_benchmark_read_canad(&network, b);
    return status == KV_OK ? kv_benchmark_read_scenarios(words, b) : status;
}

static kv_status read_format(const source *from, kv_benchmark *b)
{
    kv_words words;
    kv_words_start(&words, from->bytes, from->length, from->file, from->messages);
    b->format = recognise(from->bytes, from->length, from->file, from->messages);
    switch (b->format) {
    case KV_BENCHMARK_CANAD: return kv_benchmark_read_canad(&words, b);
    case KV_BENCHMARK_LOCATION:
        return kv_benchmark_read_location(&words, from->options->capacity, b);
    case KV_BENCHMARK_SCENARIOS: return read_scenarios(from, &words, b);
    case KV_BENCHMARK_SNDLIB:
        return kv_benchmark_read_sndlib(from->bytes, from->length, from->file, from->messages, b);
    default: return KV_ERR_INPUT;
    }
}

/* An option that says what this file does not leave open; 1 when it was given. */
static int refuse(const source *from, int given, const char *option, const char *files)
{
    kv_where where = {.file = from->file};
    if (given)
        kv_messages_add(from->messages, KV_FAULT, &where, "leave the option out",
                        "%s is for %s, which this is not", option, files);
    return given;
}

static kv_status check_options(const source *from, const kv_benchmark *b)
{
    const kv_benchmark_options *o = from->options;
    int sndlib = b->format == KV_BENCHMARK_SNDLIB;
    int bad = refuse(from, o->topology && b->format != KV_BENCHMARK_SCENARIOS, "--topology",
                     "scenario files");
    bad |= refuse(from, o->capacity > 0 && b->format != KV_BENCHMARK_LOCATION, "--capacity",
                  "warehouse location files");
    bad |= refuse(from, o->modules >= 0 && !sndlib, "--modules", "SNDlib networks");
    bad |= refuse(from, o->commodities >= 0 && !sndlib, "--commodities", "SNDlib networks");
    return bad ? KV_ERR_INPUT : KV_OK;
}

/* ---- names and options that are kept ---- */

static char *name_of(const char *file)
{
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    static const char *const endings[] = {".dow", ".xml", ".txt"};
    char *name = kv_strdup(base);
    size_t length = strlen(base);
    for (size_t i = 0; name && i < sizeof endings / sizeof *endings; i++) {
        size_t tail = strlen(endings[i]);
        if (length > tail && strcmp(name + length - tail, endings[i]) == 0)
            name[length - tail] = 0;
    }
    return name;
}

static kv_status read_source(const source *from, kv_benchmark **benchmark)
{
    const kv_benchmark_options *o = from->options;
    kv_benchmark *b = kv_alloc(1, sizeof *b);
    kv_status status = KV_ERR_MEMORY;
    *benchmark = NULL;
    if (!b)
        return status;
    b->file = kv_strdup(from->file);
    b->name = name_of(from->file);
    if (!b->file || !b->name)
        goto out;
    b->modules = o->modules >= 0 ? o->modules : KV_MODULES_MANY;
    b->commodities = o->commodities >= 0 ? o->commodities : KV_COMMODITIES_SOURCES;
    b->hash = kv_hash_bytes(KV_HASH_START, from->bytes, from->length);
    status = read_format(from, b);
    if (b->format >= 0 && status != KV_ERR_MEMORY && check_options(from, b) != KV_OK)
        status = KV_ERR_INPUT;
    if (kv_messages_lost(from->messages))
        status = KV_ERR_MEMORY;
out:
    if (status == KV_OK)
        *benchmark = b;
    else
        kv_benchmark_free(b);
    return status;
}

static const kv_benchmark_options none_given = {.modules = -1, .commodities = -1};

kv_status kv_benchmark_read_bytes(const char *bytes, size_t length, const char *topology,
                                  size_t topology_length, const kv_benchmark_options *options,
                                  const char *file, kv_benchmark **benchmark, kv_messages *messages)
{
    source from = {.bytes = bytes,
                   .length = length,
                   .topology = topology,
                   .topology_length = topology_length,
                   .file = file,
                   .options = options ? options : &none_given,
                   .messages = messages};
    return read_source(&from, benchmark);
}

kv_status kv_benchmark_read(const char *path, const kv_benchmark_options *options,
                            kv_benchmark **benchmark, kv_messages *messages)
{
    char *bytes = NULL, *topology = NULL;
    size_t length = 0, topology_length = 0;
    *benchmark = NULL;
    kv_status status = kv_file_read(path, &bytes, &length, messages);
    if (status == KV_OK && options && options->topology)
        status = kv_file_read(options->topology, &topology, &topology_length, messages);
    if (status == KV_OK)
        status = kv_benchmark_read_bytes(bytes, length, topology, topology_length, options, path,
                                         benchmark, messages);
    kv_free(bytes);
    kv_free(topology);
    return status;
}

static void free_names(char **names, int count)
{
    for (int i = 0; names && i < count; i++)
        kv_free(names[i]);
    kv_free(names);
}

void kv_benchmark_free(kv_benchmark *b)
{
    if (!b)
        return;
    free_names(b->node_id, b->n_nodes);
    free_names(b->link_id, b->n_links);
    free_names(b->demand_id, b->n_demands);
    void *const arrays[] = {b->file,
                            b->name,
                            b->topology,
                            b->link_tail,
                            b->link_head,
                            b->link_unit_cost,
                            b->link_capacity,
                            b->link_fixed_cost,
                            b->module_first,
                            b->module_capacity,
                            b->module_cost,
                            b->demand_from,
                            b->demand_to,
                            b->demand,
                            b->probability,
                            b->scenario_demand,
                            b->facility_capacity,
                            b->facility_cost,
                            b->customer_demand,
                            b->serving_cost};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(b);
}

/* ---- stable names ---- */

void kv_benchmark_node_name(const kv_benchmark *b, int node, kv_text *out)
{
    if (b->node_id)
        kv_text_add(out, b->node_id[node]);
    else
        kv_text_addf(out, "%d", node + 1);
}

/* "a7:3-5" */
static void numbered(const kv_benchmark *b, char kind, int number, int from, int to, kv_text *out)
{
    kv_text_addf(out, "%c%d:", kind, number + 1);
    kv_benchmark_node_name(b, from, out);
    kv_text_add(out, "-");
    kv_benchmark_node_name(b, to, out);
}

void kv_benchmark_link_name(const kv_benchmark *b, int link, kv_text *out)
{
    if (b->link_id)
        kv_text_add(out, b->link_id[link]);
    else
        numbered(b, 'a', link, b->link_tail[link], b->link_head[link], out);
}

void kv_benchmark_demand_name(const kv_benchmark *b, int demand, kv_text *out)
{
    if (b->demand_id)
        kv_text_add(out, b->demand_id[demand]);
    else
        numbered(b, 'k', demand, b->demand_from[demand], b->demand_to[demand], out);
}

void kv_benchmark_facility_name(int facility, kv_text *out)
{
    kv_text_addf(out, "f%d", facility + 1);
}

void kv_benchmark_customer_name(int customer, kv_text *out)
{
    kv_text_addf(out, "c%d", customer + 1);
}
