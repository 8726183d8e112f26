/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each column of each result table means. */
#include "reports/columns.h"

#define SCENARIO                                                                                   \
    {                                                                                              \
        "scenario", NULL, "the scenario"                                                           \
    }
#define PERIOD                                                                                     \
    {                                                                                              \
        "period", NULL, "the period"                                                               \
    }
#define PRODUCT                                                                                    \
    {                                                                                              \
        "product", NULL, "the product"                                                             \
    }

static const kv_report_column investments[] = {
    {"project", NULL, "the project"},
    {"name", NULL, "its name"},
    {"kind", NULL, "its kind, as in projects.csv"},
    {"country", NULL, "its country, as in projects.csv"},
    {"scenario", NULL, "the scenario in which it is started; `all` = decided for all scenarios"},
    {"start_period", NULL, "the period at whose beginning construction starts"},
    {"start_year", "year", "the first year of that period"},
    {"service_year", "year", "when it comes into service: start and lead time"},
    {"units", NULL, "how many units are started"},
    {"cost_meur", "MEUR", "construction cost of these units, undiscounted"},
    {"charged_meur", "MEUR", "the share of it that is charged to freight, undiscounted"},
    {"residual_meur", "MEUR, present",
     "value left at the end of the horizon, as the objective credits it"},
    {"present_cost_meur", "MEUR, present",
     "what the objective bears for it: charged construction, operation, less residual value"},
    {"funders", NULL, "who pays: `SE:0.5|EU:0.5`, each funder with its share of the cost"},
    {"benefit_meur", "MEUR, present",
     "its marginal value at the bound: what its supplies and openings are worth at the "
     "multipliers of the certificate (see below)"},
    {NULL, NULL, NULL}};

static const kv_report_column flows[] = {
    SCENARIO,
    PERIOD,
    PRODUCT,
    {"origin", NULL, "place of origin, where freight of one origin is followed; else blank"},
    {"kind", NULL,
     "`link`, `range` (between two charging or filling places), `transfer`, `source`, `plant_out`, "
     "`plant_in`, `market`, `unserved`, `unsold`, or `empty` (empty vehicles)"},
    {"technology", NULL, "what carries it, on links"},
    {"links", NULL, "the links used, in order, joined by `+`"},
    {"direction", NULL,
     "`f` = as the link or transfer is written in its table, `b` = the other way; ranges are "
     "always `f`"},
    {"from_place", NULL, "where it begins; blank = outside the model"},
    {"to_place", NULL, "where it ends; blank = outside the model"},
    {"from_mode", NULL, "mode at the beginning"},
    {"from_standard", NULL, "standard (gauge) at the beginning"},
    {"to_mode", NULL, "mode at the end"},
    {"to_standard", NULL, "standard (gauge) at the end"},
    {"terminal", NULL, "the terminal of a transfer"},
    {"transfer_row", NULL, "which row of transfers.csv it is, counted from 1 among the terminal's"},
    {"site", NULL, "the site of a source, plant or market"},
    {"improved_by", NULL, "the project whose improved link or terminal is used"},
    {"dangerous_only", NULL,
     "yes = a way that a project opened to dangerous goods on a link closed to them"},
    {"amount", "t/yr; vehicles/yr for empty", "how much moves, on the flow grid, exact"},
    {"unit_cost_eur", "EUR/t; EUR a vehicle for empty", "its cost, purchases at their full price"},
    {"hours", "h", "hours on the way"},
    {"km", "km", "true length of the links"},
    {"co2_kg_per_t", "kg/t", "emissions"},
    {NULL, NULL, NULL}};

static const kv_report_column fleet[] = {
    {"technology", NULL, "the technology"},
    SCENARIO,
    PERIOD,
    {"purchases", "vehicles", "bought at the beginning of the period; blank for hired vehicles"},
    {"stock", "vehicles", "in use on the average of the period; blank for hired vehicles"},
    {"vehicle_km", "km/yr", "driven, loaded and empty"},
    {"km_capacity", "km/yr", "what the stock can drive; blank for hired vehicles"},
    {NULL, NULL, NULL}};

static const kv_report_column unserved[] = {
    SCENARIO,
    PERIOD,
    PRODUCT,
    {"origin", NULL, "place of origin, where freight of one origin is followed; else blank"},
    {"kind", NULL, "`unserved` = asked for and not delivered, `unsold` = made and not taken"},
    {"place", NULL, "where"},
    {"demand_t", "t/yr", "what is asked for (unsold: made) there"},
    {"unserved_t", "t/yr", "how much of it stays unserved or unsold"},
    {"penalty_meur", "MEUR, present", "what that costs in the objective, at its full price"},
    {"bottleneck", NULL,
     "what is in the way on the cheapest way to serve it, the tightest first, joined by `+`: "
     "`full:RESOURCE` a capacity used up, `closed:PROJECT` a way that only an unbuilt project "
     "opens (alternatives joined by `/`); or one of `supply` (every supplier is used up; unsold: "
     "`demand`, nobody asks for more), `price` (the cheapest way costs more than leaving it), "
     "`no_route` (no way, whatever is built), `unexplained` (none of these: a rule on shares, "
     "inputs or empty vehicles, or the plan's gap)"},
    {NULL, NULL, NULL}};

static const kv_report_column sourcing[] = {
    SCENARIO,
    PERIOD,
    PRODUCT,
    {"site", NULL, "the supplying site"},
    {"place", NULL, "its place"},
    {"in_region", NULL,
     "yes = of the region: its place is, and it is no source at a port, border or gateway"},
    {"t_per_year", "t/yr", "what it supplies (made and sold)"},
    {"share", NULL, "share of all that is supplied of the product"},
    {NULL, NULL, NULL}};

static const kv_report_column regional[] = {
    SCENARIO,
    PERIOD,
    PRODUCT,
    {"used_t", "t/yr", "what sites in the region take of the product"},
    {"from_region_t", "t/yr",
     "how much of it comes from sites in the region, goods of several origins being mixed evenly "
     "where they meet"},
    {"share", NULL, "from_region_t / used_t"},
    {NULL, NULL, NULL}};

static const kv_report_column costs[] = {
    {"scenario", NULL, "the scenario; `all` = decided for all scenarios"},
    {"period", NULL, "the period in which the money is spent; blank for risk"},
    {"category", NULL,
     "`vehicle` (distance, hired vehicles), `energy`, `carbon`, `time`, `toll_and_ice`, "
     "`transfer`, `purchase` (goods bought less sold, less the reference purchases), `unserved` "
     "(penalties, at their full price), `vehicles_bought`, `vehicles_kept`, `projects` "
     "(construction charged to freight), `operating`, `residual` (negative), `risk`; these add up "
     "to the objective. `reference_purchases` is the constant left out of it"},
    {"meur_present", "MEUR, present",
     "its part of the objective: discounted, times the probability of the scenario"},
    {"meur_per_year", "MEUR/yr",
     "in a year of the period if the scenario comes true, undiscounted; blank where it has no "
     "yearly meaning"},
    {NULL, NULL, NULL}};

static const kv_report_column emissions[] = {
    SCENARIO,
    PERIOD,
    {"mode", NULL, "the mode"},
    {"technology", NULL, "the technology"},
    {"t_km", "t km/yr", "transport work"},
    {"share", NULL, "share of all transport work of the period (modal split)"},
    {"vehicle_km", "km/yr", "driven, loaded and empty"},
    {"co2_t", "t/yr", "CO2 emitted"},
    {NULL, NULL, NULL}};

static const kv_report_column budgets[] = {
    {"funder", NULL, "who pays"},
    {"scenario", NULL, "the scenario; `all` = one row for all scenarios"},
    PERIOD,
    {"budget_meur", "MEUR", "the budget of the period"},
    {"carried_in_meur", "MEUR", "kept from the period before (after the share that is lost)"},
    {"spent_meur", "MEUR", "the funder's share of what is built in the period"},
    {"carried_out_meur", "MEUR", "set aside for the next period"},
    {"unspent_meur", "MEUR", "neither spent nor set aside"},
    {"binding", NULL,
     "yes = all of it is spent, or one more MEUR would lower the bound by more than 0.0001 MEUR"},
    {"worth_meur_per_meur", "MEUR/MEUR",
     "what one more MEUR would save, at the bound: the multiplier of its row"},
    {NULL, NULL, NULL}};

static const kv_report_column access[] = {
    {"site", NULL, "a site of the region (sources at ports and borders left out)"},
    {"product", NULL, "what it makes or takes"},
    {"direction", NULL, "`out` = from the site to the gateway (plants, sources), `in` = to it"},
    {"gateway", NULL, "a door to the world's markets"},
    SCENARIO,
    PERIOD,
    {"cost_eur_per_t", "EUR/t", "cost of the cheapest open way with the plan; blank = no way"},
    {"hours", "h", "hours on that way"},
    {"co2_kg_per_t", "kg/t", "emissions on that way"},
    {"cost_eur_per_t_without", "EUR/t", "the same when no project is built"},
    {"hours_without", "h", "the same when no project is built"},
    {"co2_kg_per_t_without", "kg/t", "the same when no project is built"},
    {NULL, NULL, NULL}};

static const kv_report_column progress[] = {
    {"seconds", "s", "wall-clock seconds since the start"},
    {"work", NULL, "iterations of all kinds"},
    {"phase", NULL, "what the engine is doing"},
    {"incumbent", "MEUR", "objective of the best plan so far; blank = none yet"},
    {"bound", "MEUR", "the best bound so far; blank = none yet"},
    {NULL, NULL, NULL}};

static const kv_report_column frontier[] = {
    {"budget", NULL, "factor on all budgets of the case"},
    {"budget_meur", "MEUR", "sum of all budgets at that factor"},
    {"scenario", NULL, "the scenario, or `joint`"},
    {"status", NULL, "as in plan.json"},
    {"objective", "MEUR", "objective of the plan"},
    {"bound", "MEUR", "the engine's bound"},
    {"gap", NULL, "(objective - bound) / |objective|"},
    {"decision_gap", NULL, "(objective - bound) / (do_nothing - bound)"},
    {"certified_bound", "MEUR", "the bound recomputed from the multipliers"},
    {"certified_gap", NULL, "the gap to that bound"},
    {"do_nothing", "MEUR", "objective of doing nothing"},
    {"saving_meur", "MEUR, present", "do_nothing - objective"},
    {"built", NULL, "number of projects started"},
    {"spent_meur", "MEUR", "construction cost of what is built, undiscounted, expected"},
    {NULL, NULL, NULL}};

static const kv_report_column projects[] = {
    {"project", NULL, "the project"},
    {"name", NULL, "its name"},
    {"first_budget", NULL,
     "the smallest budget factor at which some plan builds it; blank = never"},
    {"last_budget", NULL, "the largest budget factor at which some plan builds it; blank = never"},
    {"plans", NULL, "number of plans that build it"},
    {"share_of_plans", NULL, "share of all plans of the sweep that build it"},
    {"always", NULL, "yes = every plan builds it"},
    {"never", NULL, "yes = no plan builds it"},
    {"mean_start_year", "year", "mean first year of construction over the plans that build it"},
    {NULL, NULL, NULL}};

const kv_report_table kv_report_tables[KV_OUT_TABLES] = {
    [KV_OUT_INVESTMENTS] = {"investments.csv", "What is built, when, and who pays.", investments},
    [KV_OUT_FLOWS] =
        {"flows.csv",
         "Every flow that is not zero, in the order of scenario, period and commodity.", flows},
    [KV_OUT_FLEET] = {"fleet.csv", "Vehicles by technology.", fleet},
    [KV_OUT_UNSERVED] = {"unserved.csv", "What stays unserved, and why.", unserved},
    [KV_OUT_SOURCING] = {"sourcing.csv", "Who supplies each product.", sourcing},
    [KV_OUT_REGIONAL] = {"regional.csv",
                         "How much of what the region's sites use comes from the region.",
                         regional},
    [KV_OUT_COSTS] = {"costs.csv", "What the plan costs, by category.", costs},
    [KV_OUT_EMISSIONS] = {"emissions.csv", "Transport work, modal split and emissions.", emissions},
    [KV_OUT_BUDGETS] = {"budgets.csv", "Budgets by funder and period.", budgets},
    [KV_OUT_ACCESS] = {"access.csv",
                       "How each site of the region reaches each gateway, with the plan and "
                       "without it: the cheapest way over what is open, capacity left aside.",
                       access},
    [KV_OUT_PROGRESS] = {"progress.csv", "Incumbent and bound over time and work.", progress},
    [KV_OUT_FRONTIER] = {"frontier.csv", "One row for each solved point of a sweep.", frontier},
    [KV_OUT_PROJECTS] = {"projects.csv", "Each project over the plans of a sweep.", projects},
};
