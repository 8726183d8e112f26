/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawing of a performance profile. Colours are those of Okabe and Ito, which people who see
 * colours differently can tell apart; dashes and names at the curves' ends say the same again. */
#include "reports/bench/profile.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 940, HEIGHT = 500, LEFT = 76, RIGHT = 610, TOP = 84, BOTTOM = 420, N_STYLES = 8 };
static const double name_distance = 19; /* px between two names */

static const struct style {
    const char *colour, *dash;
} styles[N_STYLES] = {
    {"#0072B2", "none"},        {"#D55E00", "9 4"},  {"#009E73", "2 3"}, {"#CC79A7", "12 4 2 4"},
    {"#E69F00", "6 3 2 3 2 3"}, {"#56B4E9", "16 5"}, {"#000000", "5 5"}, {"#8A6D3B", "1 4"},
};

/* What is drawn. */
typedef struct drawing {
    const kv_profile *profile;
    kv_text *out;
    double most;    /* right end of the axis: a power of 2 */
    double *ratio;  /* [n_instances] of the solver at hand */
    double *name_y; /* [n_solvers] */
} drawing;

static double x_of(const drawing *d, double ratio)
{
    return LEFT + (RIGHT - LEFT) * log(ratio) / log(d->most);
}

static double y_of(double share)
{
    return BOTTOM - (BOTTOM - TOP) * share;
}

static void add_escaped(kv_text *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<' || *text == '>' || *text == '&')
            kv_text_addf(out, "&#%d;", *text);
        else
            kv_text_add_bytes(out, text, 1);
    }
}

static void add_coordinate(kv_text *out, double value)
{
    char text[KV_NUMBER_SIZE];
    kv_format_decimal(value, 1, text);
    kv_text_add(out, text);
}

static void add_text(kv_text *out, double x, double y, const char *more, const char *text)
{
    kv_text_add(out, "<text x=\"");
    add_coordinate(out, x);
    kv_text_add(out, "\" y=\"");
    add_coordinate(out, y);
    kv_text_addf(out, "\" %s>", more);
    add_escaped(out, text);
    kv_text_add(out, "</text>\n");
}

static void add_line(kv_text *out, double x1, double y1, double x2, double y2, const char *colour)
{
    kv_text_addf(out, "<path fill=\"none\" stroke=\"%s\" d=\"M", colour);
    add_coordinate(out, x1);
    kv_text_add(out, " ");
    add_coordinate(out, y1);
    kv_text_add(out, " L");
    add_coordinate(out, x2);
    kv_text_add(out, " ");
    add_coordinate(out, y2);
    kv_text_add(out, "\"/>\n");
}

static void add_axes(const drawing *d)
{
    char label[32];
    int powers = (int)lround(log2(d->most)), step = (powers + 9) / 10;
    for (int tenth = 0; tenth <= 10; tenth += 2) {
        snprintf(label, sizeof label, "%d %%", 10 * tenth);
        add_line(d->out, LEFT, y_of(tenth / 10.0), RIGHT, y_of(tenth / 10.0), "#dddddd");
        add_text(d->out, LEFT - 10, y_of(tenth / 10.0) + 5, "text-anchor=\"end\"", label);
    }
    for (int power = 0; power <= powers; power += step) {
        double x = x_of(d, exp2(power));
        snprintf(label, sizeof label, "%.0f", exp2(power));
        add_line(d->out, x, BOTTOM, x, BOTTOM + 6, "#333333");
        add_text(d->out, x, BOTTOM + 23, "text-anchor=\"middle\"", label);
    }
    add_line(d->out, LEFT, TOP, LEFT, BOTTOM, "#333333");
    add_line(d->out, LEFT, BOTTOM, RIGHT, BOTTOM, "#333333");
    add_text(d->out, (LEFT + RIGHT) / 2.0, BOTTOM + 52, "text-anchor=\"middle\"",
             "time, as a multiple of the fastest solver's (logarithmic)");
    kv_text_addf(d->out,
                 "<text transform=\"translate(22 %d) rotate(-90)\" "
                 "text-anchor=\"middle\">share of instances</text>\n",
                 (TOP + BOTTOM) / 2);
}

/* A staircase from the left end to the right. */
static void add_curve(const drawing *d, int solver)
{
    const kv_profile *p = d->profile;
    const struct style *style = &styles[solver % N_STYLES];
    int n = kv_profile_ratios(p, solver, d->ratio);
    kv_text_addf(d->out,
                 "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\" stroke-dasharray=\"%s\" "
                 "d=\"M%d ",
                 style->colour, style->dash, LEFT);
    add_coordinate(d->out, y_of(0));
    for (int i = 0; i < n; i++) {
        kv_text_add(d->out, " H");
        add_coordinate(d->out, x_of(d, d->ratio[i]));
        kv_text_add(d->out, " V");
        add_coordinate(d->out, y_of((i + 1.0) / p->n_instances));
    }
    kv_text_addf(d->out, " H%d\"/>\n", RIGHT);
    d->name_y[solver] = y_of(p->n_instances > 0 ? (double)n / p->n_instances : 0);
}

/* The solver whose name is the next one down from `above`, of those not yet placed; -1 = none. */
static int next_name(const drawing *d, const unsigned char *placed)
{
    int next = -1;
    for (int s = 0; s < d->profile->n_solvers; s++)
        if (!placed[s] && (next < 0 || d->name_y[s] < d->name_y[next]))
            next = s;
    return next;
}

/* Names at the right, as close to their curves' ends as they fit, from the top down. */
static void add_names(const drawing *d, unsigned char *placed)
{
    int n = d->profile->n_solvers;
    double lowest = TOP - name_distance;
    for (int left = n; left > 0; left--) {
        int s = next_name(d, placed);
        double most = BOTTOM - (left - 1) * name_distance;
        double y = fmin(fmax(d->name_y[s], lowest + name_distance), fmax(most, TOP));
        kv_text label = {0};
        placed[s] = 1;
        lowest = y;
        double share = (BOTTOM - d->name_y[s]) / (BOTTOM - TOP);
        kv_text_addf(&label, "%s, %.0f %%", d->profile->solver[s], 100 * share);
        add_line(d->out, RIGHT + 3, d->name_y[s], RIGHT + 14, y, styles[s % N_STYLES].colour);
        kv_text_addf(d->out,
                     "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\" "
                     "stroke-dasharray=\"%s\" d=\"M%d ",
                     styles[s % N_STYLES].colour, styles[s % N_STYLES].dash, RIGHT + 14);
        add_coordinate(d->out, y);
        kv_text_addf(d->out, " H%d\"/>\n", RIGHT + 46);
        add_text(d->out, RIGHT + 52, y + 5, "font-weight=\"bold\"", label.failed ? "" : label.data);
        d->out->failed |= label.failed;
        kv_text_clear(&label);
    }
}

static double largest_ratio(const drawing *d)
{
    double most = 1;
    for (int s = 0; s < d->profile->n_solvers; s++) {
        int n = kv_profile_ratios(d->profile, s, d->ratio);
        if (n > 0)
            most = fmax(most, d->ratio[n - 1]);
    }
    return most;
}

static void add_head(kv_text *out, double gap, const char *note)
{
    char title[96], percent[KV_NUMBER_SIZE];
    kv_format_decimal(100 * gap, 6, percent);
    snprintf(title, sizeof title, "Performance profile: time to a gap of %.20s %%", percent);
    kv_text_addf(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                 "viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"Helvetica, Arial, "
                 "'Liberation Sans', 'DejaVu Sans', sans-serif\" font-size=\"14\" "
                 "fill=\"#222222\">\n<title>%s</title>\n"
                 "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
                 WIDTH, HEIGHT, WIDTH, HEIGHT, title);
    add_text(out, LEFT, 34, "font-size=\"19\" font-weight=\"bold\"", title);
    add_text(out, LEFT, 58, "fill=\"#555555\"", note);
}

kv_status kv_profile_draw(const kv_profile *profile, double gap, const char *note, kv_text *out)
{
    kv_status status = KV_ERR_MEMORY;
    size_t n_solvers = (size_t)profile->n_solvers;
    drawing d = {.profile = profile, .out = out};
    d.ratio = kv_alloc((size_t)profile->n_instances, sizeof(double));
    d.name_y = kv_alloc(n_solvers, sizeof(double));
    unsigned char *placed = kv_alloc(n_solvers, 1);
    if (!d.ratio || !d.name_y || !placed)
        goto out;
    d.most = exp2(fmax(1, ceil(log2(largest_ratio(&d)))));
    add_head(out, gap, note);
    add_axes(&d);
    for (int s = 0; s < profile->n_solvers; s++)
        add_curve(&d, s);
    add_names(&d, placed);
    kv_text_add(out, "</svg>\n");
    status = out->failed ? KV_ERR_MEMORY : KV_OK;
out:
    kv_free(d.ratio);
    kv_free(d.name_y);
    kv_free(placed);
    return status;
}
