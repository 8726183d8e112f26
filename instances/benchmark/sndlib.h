/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the SNDlib reader share: the stream, and what it fills. Private. */
#ifndef KV_INSTANCES_BENCHMARK_SNDLIB_H
#define KV_INSTANCES_BENCHMARK_SNDLIB_H

#include "base/intern.h"
#include "instances/benchmark/reader.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>

enum { KV_SNDLIB_TEXT = 120, KV_SNDLIB_DEPTH = 16 };

typedef enum kv_sndlib_place {
    KV_SNDLIB_ROOT,
    KV_SNDLIB_META,
    KV_SNDLIB_STRUCTURE,
    KV_SNDLIB_NODES,
    KV_SNDLIB_NODE,
    KV_SNDLIB_COORDINATES,
    KV_SNDLIB_LINKS,
    KV_SNDLIB_LINK,
    KV_SNDLIB_LINK_SOURCE,
    KV_SNDLIB_LINK_TARGET,
    KV_SNDLIB_ROUTING_COST,
    KV_SNDLIB_SETUP_COST,
    KV_SNDLIB_BASE,
    KV_SNDLIB_BASE_CAPACITY,
    KV_SNDLIB_BASE_COST,
    KV_SNDLIB_MODULES,
    KV_SNDLIB_MODULE,
    KV_SNDLIB_MODULE_CAPACITY,
    KV_SNDLIB_MODULE_COST,
    KV_SNDLIB_DEMANDS,
    KV_SNDLIB_DEMAND,
    KV_SNDLIB_DEMAND_SOURCE,
    KV_SNDLIB_DEMAND_TARGET,
    KV_SNDLIB_ROUTING_UNIT,
    KV_SNDLIB_DEMAND_VALUE,
    KV_SNDLIB_PATH_LENGTH,
    KV_SNDLIB_PATHS,
    KV_SNDLIB_PLACES
} kv_sndlib_place;

typedef struct kv_sndlib_link {
    char *id;
    int tail, head, module_first;
    double base, routing_cost, setup_cost;
} kv_sndlib_link;

typedef struct kv_sndlib_module {
    double capacity, cost;
} kv_sndlib_module;

typedef struct kv_sndlib_demand {
    char *id;
    int from, to;
    double value;
} kv_sndlib_demand;

typedef struct kv_sndlib {
    const char *file;
    kv_messages *messages;
    xmlParserCtxtPtr parser;
    const char *id; /* of the element that begins, NULL = none; not ended by 0 */
    size_t id_length;
    int passed; /* elements begun that are passed over, this one in that one */
    int stack[KV_SNDLIB_DEPTH], depth; /* kv_sndlib_place */
    char text[KV_SNDLIB_TEXT];         /* of the leaf that is open, without ending 0 */
    int text_length, text_cut;
    long faults;
    int broken;                  /* 1 = not to be read on */
    int no_memory;               /* 1 = an allocation failed */
    int paths;                   /* 1 = something limits the paths of demands */
    int seen[KV_SNDLIB_PLACES];  /* in the whole file */
    int given[KV_SNDLIB_PLACES]; /* in the link, module or demand that is open */
    char what[KV_SNDLIB_TEXT];   /* "link 'L1'", which faults are about */
    kv_pool *node_ids, *link_ids, *demand_ids;
    kv_sndlib_link *links;
    kv_sndlib_module *modules;
    kv_sndlib_demand *demands;
    size_t n_links, n_modules, n_demands, room_links, room_modules, room_demands;
    kv_sndlib_link link;
    kv_sndlib_module module;
    kv_sndlib_demand demand;
    double base_cost; /* of all pre-installed capacity so far */
} kv_sndlib;

/* The line that the parser is at. */
long kv_sndlib_line(const kv_sndlib *s);
/* Add a fault at the line that the parser is at. */
void kv_sndlib_fault(kv_sndlib *s, const char *column, const char *value, const char *mend,
                     const char *what, ...) __attribute__((format(printf, 5, 6)));

/* sndlib_parts.c: what the elements mean. */
kv_status kv_sndlib_start(kv_sndlib *s);
void kv_sndlib_begin(kv_sndlib *s, int place); /* an element that holds others begins */
void kv_sndlib_value(kv_sndlib *s, int place); /* a leaf ends, its text is s->text */
void kv_sndlib_end(kv_sndlib *s, int place);   /* an element that holds others ends */
kv_status kv_sndlib_take(kv_sndlib *s, kv_benchmark *b);
void kv_sndlib_clear(kv_sndlib *s);

#endif
