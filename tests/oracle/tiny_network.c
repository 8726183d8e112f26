/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places along a road, and what else may join them: a railway, a sea route, a ferry, new roads. */
#include "oracle/tiny_parts.h"

#include <stdio.h>

static void capacity_text(tiny *t, char text[32], double low_kt, double high_kt)
{
    double kt = tiny_number(t, low_kt, high_kt);
    switch (tiny_integer(t, 0, 5)) {
    case 0: snprintf(text, 32, "%.5g,Mt/yr", kt / 1000); break;
    case 1: snprintf(text, 32, "%.5g,t/day", kt * 1000 / 300); break;
    case 2: snprintf(text, 32, "%.5g,trucks/day", kt * 1000 / 300 / 25); break;
    case 3: snprintf(text, 32, "%.5g,TEU/yr", kt * 1000 / 12); break;
    case 4: snprintf(text, 32, "%.7g,t/yr", kt * 1000); break;
    default: snprintf(text, 32, "%.5g,kt/yr", kt);
    }
}

/* One row of links.csv and its entries in the lists. */
static void link_row(tiny *t, const char *name, int from, int to, int mode, const char *standard,
                     double length, double tight, int closed)
{
    static const char *const modes[] = {"road", "rail", "sea", "ferry"};
    char capacity[32] = ",", load[32] = ",", ice[48] = ",,", hours[16] = "", toll[16] = "";
    int safe = t->dangerous && mode == KV_MODE_ROAD && tiny_maybe(t, 0.4);
    int one = mode == KV_MODE_SEA && tiny_maybe(t, 0.2);
    int electrified = mode == KV_MODE_RAIL && tiny_maybe(t, 0.3);
    if (tiny_maybe(t, tight)) {
        capacity_text(t, capacity, 60, 250);
        t->tight_mode[t->n_tight] = mode;
        tiny_note(t->tight_link, &t->n_tight, name);
        if (tiny_maybe(t, 0.5)) {
            snprintf(load, sizeof load, "%.6g,%g", tiny_number(t, 5000, 40000),
                     tiny_maybe(t, 0.5) ? 0 : 0.02);
        }
    }
    if (mode != KV_MODE_ROAD && tiny_maybe(t, 0.4)) {
        snprintf(ice, sizeof ice, "%d,%.3g,%.3g", tiny_integer(t, 2, 5), tiny_number(t, 1, 4),
                 tiny_number(t, 2, 12));
    }
    if (tiny_maybe(t, 0.3)) {
        snprintf(hours, sizeof hours, "%.3g", tiny_number(t, 0.2, 4));
    }
    if (tiny_maybe(t, 0.2)) {
        snprintf(toll, sizeof toll, "%.3g", tiny_number(t, 0.2, 2));
    }
    tiny_row(t, KV_TABLE_LINKS, "%s,p%d,p%d,%s,%s,%.5g,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", name,
             from, to, modes[mode], standard, length, one ? "one" : "", capacity,
             tiny_maybe(t, 0.3) ? "no" : "yes", load, electrified ? "yes" : "",
             closed ? "no" : "yes", safe ? "no" : "", tiny_maybe(t, 0.3) ? "45" : "", toll, hours,
             ice);
    tiny_note(t->any_link, &t->n_links, name);
    if (closed) {
        t->closed_mode[t->n_closed] = mode;
        tiny_note(t->closed_link, &t->n_closed, name);
    }
    if (mode == KV_MODE_RAIL && !electrified) {
        tiny_note(t->bare_link, &t->n_bare, name);
    }
    if (safe) {
        tiny_note(t->safe_link, &t->n_safe, name);
    }
}

/* A terminal at a place between the road and another mode. */
static void terminal_row(tiny *t, int place, const char *mode, const char *standard, int may_close)
{
    char name[24], capacity[32] = ",", load[32] = ",";
    int closed = may_close && tiny_maybe(t, 0.25);
    snprintf(name, sizeof name, "%s_p%d", mode, place);
    if (tiny_maybe(t, 0.4)) {
        capacity_text(t, capacity, 50, 200);
        tiny_note(t->tight_terminal, &t->n_tight_terminals, name);
        if (tiny_maybe(t, 0.4)) {
            snprintf(load, sizeof load, "%.6g,0.01", tiny_number(t, 5000, 20000));
        }
    }
    tiny_row(t, KV_TABLE_TERMINALS, "%s,p%d,%s,%s,%s", name, place, capacity, load,
             closed ? "no" : "");
    tiny_note(t->terminal, &t->n_terminals, name);
    if (closed) {
        tiny_note(t->closed_terminal, &t->n_closed_terminals, name);
    }
    const char *handling = !t->off_road && tiny_maybe(t, 0.2) ? "container" : "any";
    int both = tiny_maybe(t, 0.8);
    tiny_row(t, KV_TABLE_TRANSFERS, "%s,%s,road,,%s,%s,%.4g,%.3g,%s", name, handling, mode,
             standard, tiny_number(t, 1, 4), tiny_number(t, 1, 12), both ? "" : "no");
    if (!both) {
        tiny_row(t, KV_TABLE_TRANSFERS, "%s,any,%s,%s,road,,%.4g,%.3g,no", name, mode, standard,
                 tiny_number(t, 1, 4), tiny_number(t, 1, 12));
    }
}

static void draw_rail(tiny *t)
{
    const char *gauge = tiny_maybe(t, 0.5) ? "1435" : "", *other = gauge;
    int stops = t->off_road ? t->places : tiny_integer(t, 2, t->places < 4 ? t->places : 4);
    if (stops > 2 && tiny_maybe(t, 0.35)) { /* from the second stop on, with a change of gauge */
        other = "1524";
        tiny_row(t, KV_TABLE_TERMINALS, "gauge_p2,p2,,,,,");
        tiny_row(t, KV_TABLE_TRANSFERS, "gauge_p2,any,rail,%s,rail,%s,%.3g,6,", gauge, other,
                 tiny_number(t, 0.5, 2));
        tiny_note(t->terminal, &t->n_terminals, "gauge_p2");
    }
    for (int p = 1; p < stops; p++) {
        char name[24];
        snprintf(name, sizeof name, "rail_%d", p);
        link_row(t, name, p, p + 1, KV_MODE_RAIL, p > 1 ? other : gauge, tiny_number(t, 80, 240),
                 0.4, !t->off_road && tiny_maybe(t, 0.25));
    }
    terminal_row(t, 1, "rail", gauge, 0);
    for (int p = t->off_road ? 2 : stops; p <= stops; p++) {
        terminal_row(t, p, "rail", p > 2 ? other : gauge, !t->off_road);
    }
}

void tiny_network(tiny *t)
{
    static const char *const kinds[] = {"gateway", "city", "port", "plant", "mine"};
    for (int p = 1; p <= t->places; p++) {
        char town[8] = "";
        if (tiny_maybe(t, 0.2)) {
            snprintf(town, sizeof town, "p%d", p % t->places + 1);
        }
        const char *country = tiny_maybe(t, 0.1) ? "" : p % 2 ? "FI" : "SE";
        tiny_row(t, KV_TABLE_PLACES, "p%d,%s,%g,%g,%s,%s", p, country, 60.0 + 0.1 * p,
                 20.0 + 0.1 * p, kinds[p - 1], town);
    }
    for (int p = 1; p < t->places; p++) {
        char name[24];
        snprintf(name, sizeof name, "road_%d", p);
        link_row(t, name, p, p + 1, KV_MODE_ROAD, "", tiny_number(t, 70, 260),
                 tiny_maybe(t, 0.4) ? 0.6 : 0, 0);
    }
    if (tiny_maybe(t, 0.5)) {
        link_row(t, "road_new", 1, t->places, KV_MODE_ROAD, "", tiny_number(t, 80, 300), 0.3, 1);
    }
    if (tiny_maybe(t, 0.2)) {
        tiny_row(t, KV_TABLE_LINKS, "road_one,p1,p%d,road,,%.5g,one,,,,,,,,,,,,,,", t->places,
                 tiny_number(t, 150, 400));
    }
    if (t->rail) {
        draw_rail(t);
    }
    if (t->sea) {
        link_row(t, "sea_route", t->places, 1, KV_MODE_SEA, "", tiny_number(t, 200, 600), 0.1, 0);
        terminal_row(t, t->places, "sea", "", 1);
        terminal_row(t, 1, "sea", "", 0);
    }
    if (t->ferry) {
        link_row(t, "ferry_route", 2, t->places, KV_MODE_FERRY, "", tiny_number(t, 40, 120), 0.4,
                 tiny_maybe(t, 0.6));
        terminal_row(t, 2, "ferry", "", 1);
        terminal_row(t, t->places, "ferry", "", 0);
    }
}
