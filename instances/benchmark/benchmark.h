/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Published benchmark instances of network design, as their files say them. docs/benchmarks.md has
 * the formats and the models that are made of them.
 *
 * Numbers are exact: what a file says is the shortest decimal that reads back as the double kept
 * here (a number of more than 15 significant digits is rounded to that, with a warning).
 */
#ifndef KV_INSTANCES_BENCHMARK_BENCHMARK_H
#define KV_INSTANCES_BENCHMARK_BENCHMARK_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

typedef enum kv_benchmark_format {
    KV_BENCHMARK_CANAD,     /* fixed-charge multicommodity network design, `.dow` */
    KV_BENCHMARK_SNDLIB,    /* telecommunication network design, SNDlib 1.0 XML */
    KV_BENCHMARK_LOCATION,  /* capacitated warehouse location, OR-Library */
    KV_BENCHMARK_SCENARIOS, /* two-stage stochastic network design: scenarios over a `.dow` */
    KV_BENCHMARK_FORMATS
} kv_benchmark_format;

/* Capacity modules of a link that may be installed together. */
typedef enum kv_benchmark_modules {
    KV_MODULES_MANY, /* any number of each */
    KV_MODULES_ONE   /* at most one in all */
} kv_benchmark_modules;

/* What of the demands of an SNDlib file is one commodity. */
typedef enum kv_benchmark_commodities {
    KV_COMMODITIES_SOURCES, /* all demands of a source together */
    KV_COMMODITIES_PAIRS    /* each demand */
} kv_benchmark_commodities;

/* What a file leaves open. */
typedef struct kv_benchmark_options {
    const char *topology; /* path of the `.dow` file under a scenario file; NULL = not given */
    double capacity;      /* of facilities whose capacity is the word `capacity`; 0 = not given */
    int modules;          /* kv_benchmark_modules; -1 = not given (many) */
    int commodities;      /* kv_benchmark_commodities; -1 = not given (sources) */
} kv_benchmark_options;

typedef struct kv_benchmark {
    int format;               /* kv_benchmark_format */
    char *file;               /* path, as it was given */
    char *name;               /* the file's name without folder and ending */
    char *topology;           /* path of the topology; NULL where there is none */
    uint64_t hash;            /* FNV-1a over the file's bytes, then those of the topology */
    int modules, commodities; /* as used */
    double capacity_option;   /* as used; 0 = not */

    /* Networks (all but LOCATION). Money and flow are in the file's own units. */
    int n_nodes;
    char **node_id; /* [n_nodes]; NULL = numbered from 1 */
    int n_links;    /* CANAD, SCENARIOS: arcs from tail to head; SNDLIB: links in both directions */
    char **link_id; /* [n_links]; NULL = numbered from 1 */
    int *link_tail, *link_head;            /* [n_links] nodes */
    double *link_unit_cost;                /* [n_links] of a unit of flow, >= 0 */
    double *link_capacity;                 /* [n_links] >= 0; SNDLIB: pre-installed */
    double *link_fixed_cost;               /* [n_links] >= 0; SNDLIB: set-up cost */
    int *module_first;                     /* [n_links + 1]; SNDLIB only, else NULL */
    double *module_capacity, *module_cost; /* [module_first[n_links]] > 0, >= 0 */
    double sunk_cost;                      /* of all pre-installed capacity; no plan changes it */
    int n_demands;
    char **demand_id;             /* [n_demands]; NULL = numbered from 1 */
    int *demand_from, *demand_to; /* [n_demands] nodes */
    double *demand;               /* [n_demands] >= 0; of SCENARIOS not used */

    /* SCENARIOS */
    int n_scenarios;
    double *probability;     /* [n_scenarios] > 0; their sum is 1 */
    double *scenario_demand; /* [n_scenarios * n_demands], scenario-major */

    /* LOCATION */
    int n_facilities, n_customers;
    double *facility_capacity, *facility_cost; /* [n_facilities] >= 0 */
    double *customer_demand;                   /* [n_customers] >= 0 */
    double *serving_cost; /* [n_customers * n_facilities] of ALL of the demand, customer-major */
} kv_benchmark;

/*
 * Read a benchmark file; its format is known by its content. All faults that can be told apart are
 * added to the messages, each with line, field and what would mend it. `options` may be NULL.
 * Linear in the size of the file. The caller frees *benchmark.
 * KV_OK, KV_ERR_INPUT, KV_ERR_IO, KV_ERR_MEMORY.
 */
kv_status kv_benchmark_read(const char *path, const kv_benchmark_options *options,
                            kv_benchmark **benchmark, kv_messages *messages);

/* The same from bytes in memory; `topology` is the text of the `.dow` file, NULL = none. */
kv_status kv_benchmark_read_bytes(const char *bytes, size_t length, const char *topology,
                                  size_t topology_length, const kv_benchmark_options *options,
                                  const char *file, kv_benchmark **benchmark,
                                  kv_messages *messages);
void kv_benchmark_free(kv_benchmark *benchmark);

/* "canad", "sndlib", "location", "scenarios". */
const char *kv_benchmark_format_name(int format);
/* "many", "one"; "sources", "pairs"; NULL-ended. */
extern const char *const kv_benchmark_modules_names[];
extern const char *const kv_benchmark_commodities_names[];

/* Stable names of what the model has, without blanks; they are added to `out`. */
void kv_benchmark_node_name(const kv_benchmark *benchmark, int node, kv_text *out);
/* "a7:3-5": the seventh arc, from node 3 to node 5; of SNDLIB the link's id. */
void kv_benchmark_link_name(const kv_benchmark *benchmark, int link, kv_text *out);
/* "k2:1-6": the second demand, from node 1 to node 6; of SNDLIB the demand's id. */
void kv_benchmark_demand_name(const kv_benchmark *benchmark, int demand, kv_text *out);
/* Of LOCATION: the nodes of the model are `supply` and "c5", its design variables "f3", its arcs
 * "f3-c5", its one commodity `goods`. */
void kv_benchmark_facility_name(int facility, kv_text *out);
void kv_benchmark_customer_name(int customer, kv_text *out);

#endif
