/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each field of plan.json and each property of the map layers means. */
#include "reports/columns.h"

#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }

const kv_report_column kv_plan_fields[] = {
    {"case", NULL, "name of the case"},
    {"case_folder", NULL,
     "where its tables were read from, or the benchmark file; null = made in memory"},
    {"case_hash", NULL,
     "hash of the names and bytes of its tables, or of the bytes of the benchmark file, 16 "
     "hexadecimal digits"},
    {"benchmark", NULL,
     "of a benchmark file: its format and the options that complete it (benchmarks.md); null for "
     "a case of tables"},
    {"program_version", NULL, "version of Kvarken"},
    {"scenario", NULL, "the scenario, or `joint`; null for a benchmark file"},
    {"status", NULL,
     "`optimal` (the engine's claim), `feasible`, `infeasible`, `unbounded`, `no_plan`"},
    {"proved", NULL, "true where the certified gap is at most 1e-6"},
    {"certified_bound", "MEUR", "bound recomputed from the multipliers of certificate.json"},
    {"certified_gap", NULL, "(objective - certified_bound) / |objective|"},
    {"certified_decision_gap", NULL,
     "(objective - certified_bound) / (do_nothing_bound - certified_bound)"},
    {"objective", "MEUR", "present value of the plan, without the constant"},
    {"bound", "MEUR", "the engine's claim: no plan is cheaper"},
    {"gap", NULL, "(objective - bound) / |objective|"},
    {"decision_gap", NULL,
     "(objective - bound) / (do_nothing - bound): of what could be saved over doing nothing, the "
     "share that this plan may miss"},
    {"do_nothing", "MEUR",
     "objective of the best plan in which no project is built and fleets are only renewed; null = "
     "not solved"},
    {"do_nothing_bound", "MEUR", "certified bound of that plan"},
    {"saving", "MEUR", "do_nothing - objective"},
    {"constant", "MEUR", "left out of the objective: reference purchases"},
    {"money", NULL, "the unit of objective and bounds, with currency and price year"},
    {"flow_grid", "t", "all flows are whole multiples of it"},
    {"largest_violation", NULL,
     "largest violation of each kind of row, relative to its size (integrality: absolute)"},
    {"ended_by", NULL, "`goal`, `work` (the work limit) or `time` (time limit or a signal)"},
    {"seconds", "s", "wall-clock time of the search"},
    {"work", NULL, "iterations of all kinds"},
    {"nodes", NULL, "nodes of branch and bound"},
    {"engine", NULL, "the engine that found the plan"},
    {"seed", NULL, "seed of the random numbers"},
    {"threads", NULL, "threads used"},
    END};

static const kv_report_column places[] = {
    {"place", NULL, "identifier"},
    {"name", NULL, "its name"},
    {"country", NULL, "its country"},
    {"kind", NULL, "its kind, as in places.csv"},
    {"in_region", NULL, "true = in the region that is planned"},
    {"sites", NULL, "the sites there"},
    END};

static const kv_report_column links[] = {
    {"link", NULL, "identifier"},
    {"name", NULL, "its name"},
    {"mode", NULL, "its mode"},
    {"open", NULL, "true = open from the beginning"},
    {"length_km", "km", "its length"},
    {"t_per_year", "t/yr", "object: scenario, then period: loaded flow in both directions"},
    {"capacity_t_per_year", "t/yr", "capacity before any project; null = unlimited"},
    {"utilisation", NULL,
     "object: scenario, then period: flow / (capacity less base load, with what is built); null = "
     "unlimited"},
    END};

static const kv_report_column projects[] = {
    {"project", NULL, "identifier"},
    {"name", NULL, "its name"},
    {"kind", NULL, "its kind, as in projects.csv"},
    {"country", NULL, "its country"},
    {"cost_meur", "MEUR", "cost of one unit"},
    {"built", NULL, "true = some unit is started in some scenario"},
    {"starts", NULL, "list of objects: scenario, start_year, service_year, units"},
    END};

const kv_report_table kv_geojson_layers[] = {
    {"places.geojson", "Each place, a point.", places},
    {"links.geojson", "Each link, a straight line between its places.", links},
    {"projects.geojson",
     "Each project where it acts: the lines of its links and the points of its places.", projects},
    {NULL, NULL, NULL}};
