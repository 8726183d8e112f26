/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places, links, terminals, transfers. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/checker.h"

#include <math.h>
#include <string.h>

static const double EARTH_RADIUS_KM = 6371.0;
static const double DEGREE = 3.14159265358979323846 / 180;

/* Haversine formula; km. */
static double great_circle_km(const kv_place *a, const kv_place *b)
{
    double north = sin((b->latitude_deg - a->latitude_deg) * DEGREE / 2);
    double east = sin((b->longitude_deg - a->longitude_deg) * DEGREE / 2);
    double h =
        north * north + cos(a->latitude_deg * DEGREE) * cos(b->latitude_deg * DEGREE) * east * east;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(fmin(1, h)));
}

void kv_check_places(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    unsigned char *linked = kv_alloc((size_t)c->places.count, 1);
    if (!linked) {
        checker->status = KV_ERR_MEMORY;
        return;
    }
    for (int i = 0; i < c->links.count; i++)
        linked[c->links.rows[i].from] = linked[c->links.rows[i].to] = 1;
    for (int i = 0; i < c->places.count; i++)
        if (!linked[i])
            kv_check_add(checker, KV_WARNING, KV_TABLE_PLACES, i, "place",
                         "add links or remove the place", "no link begins or ends here");
    kv_free(linked);
}

/* ---- links ---- */

static int mode_runs(const kv_case *c, int mode, int electrified)
{
    for (int i = 0; i < c->technologies.count; i++)
        if (c->technologies.rows[i].mode == mode &&
            (electrified || !c->technologies.rows[i].needs_electrification))
            return 1;
    return 0;
}

static void check_length(kv_checker *checker, int i)
{
    const kv_case *c = checker->the_case;
    const kv_link *link = &c->links.rows[i];
    double direct = great_circle_km(&c->places.rows[link->from], &c->places.rows[link->to]);
    int on_land = link->mode == KV_MODE_ROAD || link->mode == KV_MODE_RAIL;
    if (direct > 2 && link->length_km < 0.9 * direct)
        kv_check_add(checker, KV_WARNING, KV_TABLE_LINKS, i, "length_km",
                     "check the length and the coordinates of the places",
                     "shorter than the great circle between its places, %.0f km", direct);
    if (on_land && direct > 2 && link->length_km > 4 * direct)
        kv_check_add(checker, KV_WARNING, KV_TABLE_LINKS, i, "length_km",
                     "check the length and the coordinates of the places",
                     "over four times the great circle between its places, %.0f km", direct);
}

static void check_unit(kv_checker *checker, int table, int i, const char *column, int unit,
                       int mode)
{
    if (unit == KV_UNIT_TRAINS_DAY && mode != KV_MODE_RAIL)
        kv_check_add(checker, KV_WARNING, table, i, column, "use another unit",
                     "trains where there is no rail");
    if (unit == KV_UNIT_TRUCKS_DAY && mode != KV_MODE_ROAD && mode != KV_MODE_FERRY)
        kv_check_add(checker, KV_WARNING, table, i, column, "use another unit",
                     "trucks where there is no road");
}

static void check_base_load(kv_checker *checker, int table, int i, double base, double capacity,
                            int unit)
{
    char load[KV_NUMBER_SIZE], limit[KV_NUMBER_SIZE];
    double t = kv_capacity_t_per_year(&checker->the_case->the_case.rows[0], capacity, unit);
    if (!(base > t))
        return;
    kv_format_decimal(base, 0, load);
    kv_format_decimal(t, 0, limit);
    kv_check_add(checker, KV_WARNING, table, i, "base_load_t_per_year",
                 "check both figures and their units",
                 "the base load of %s t/yr is over the capacity of %s t/yr", load, limit);
}

void kv_check_links(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    static const char *const modes[] = {"road",     "rail", "sea",     "ferry",
                                        "waterway", "air",  "pipeline"};
    int told[KV_MODES] = {0};
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *link = &c->links.rows[i];
        if (link->from == link->to)
            kv_check_add(checker, KV_FAULT, KV_TABLE_LINKS, i, "to", "give two different places",
                         "the link goes from '%s' to itself",
                         kv_check_name(checker, KV_TABLE_PLACES, link->from));
        else
            check_length(checker, i);
        if (!isnan(link->capacity))
            check_unit(checker, KV_TABLE_LINKS, i, "capacity_unit", link->capacity_unit,
                       link->mode);
        check_base_load(checker, KV_TABLE_LINKS, i, link->base_load_t_per_year, link->capacity,
                        link->capacity_unit);
        if (!link->open && !kv_check_has_effect(checker, KV_EFFECT_OPEN_LINK, i, -1))
            kv_check_add(checker, KV_WARNING, KV_TABLE_LINKS, i, "open",
                         "add an effect open_link or remove the link",
                         "the link is closed, and no project opens it");
        int wired = link->electrified || kv_check_has_effect(checker, KV_EFFECT_ELECTRIFY, i, -1);
        if (mode_runs(c, link->mode, wired) || told[link->mode]++)
            continue;
        kv_check_add(checker, KV_WARNING, KV_TABLE_LINKS, i, "mode",
                     "add a technology or remove the links",
                     "no technology can run on this %s link", modes[link->mode]);
    }
}

/* ---- terminals and transfers ---- */

void kv_check_terminals(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->terminals.count; i++) {
        const kv_terminal *terminal = &c->terminals.rows[i];
        int transfers = 0;
        for (int k = 0; k < c->transfers.count; k++)
            transfers += c->transfers.rows[k].terminal == i;
        check_base_load(checker, KV_TABLE_TERMINALS, i, terminal->base_load_t_per_year,
                        terminal->capacity, terminal->capacity_unit);
        if (transfers == 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_TERMINALS, i, "terminal",
                         "add its transfers to transfers.csv", "the terminal offers no transfer");
        if (!terminal->open && !kv_check_has_effect(checker, KV_EFFECT_OPEN_TERMINAL, -1, i))
            kv_check_add(checker, KV_WARNING, KV_TABLE_TERMINALS, i, "open",
                         "add an effect open_terminal or remove the terminal",
                         "the terminal is closed, and no project opens it");
    }
}

static int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int node_has_link(const kv_case *c, int place, int mode, const char *standard)
{
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *link = &c->links.rows[i];
        if (link->mode == mode && (link->from == place || link->to == place) &&
            same_text(link->standard, standard))
            return 1;
    }
    return mode == KV_MODE_ROAD && !standard; /* the door */
}

static void check_end(kv_checker *checker, int i, const char *column, int mode,
                      const char *standard)
{
    const kv_case *c = checker->the_case;
    int place = c->terminals.rows[c->transfers.rows[i].terminal].place;
    if (!node_has_link(c, place, mode, standard))
        kv_check_add(
            checker, KV_WARNING, KV_TABLE_TRANSFERS, i, column, "add a link or remove the transfer",
            "no link of this mode%s%s begins or ends at '%s'", standard ? " and standard " : "",
            standard ? standard : "", kv_check_name(checker, KV_TABLE_PLACES, place));
}

void kv_check_transfers(kv_checker *checker)
{
    for (int i = 0; i < checker->the_case->transfers.count; i++) {
        const kv_transfer *row = &checker->the_case->transfers.rows[i];
        if (row->from_mode == row->to_mode && same_text(row->from_standard, row->to_standard)) {
            kv_check_add(checker, KV_FAULT, KV_TABLE_TRANSFERS, i, "to_mode",
                         "give two modes, or two standards of one",
                         "the transfer goes from a mode to itself");
            continue;
        }
        check_end(checker, i, "from_mode", row->from_mode, row->from_standard);
        check_end(checker, i, "to_mode", row->to_mode, row->to_standard);
    }
}
