/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The share s_v of goods from the region in what passes node v of a commodity is
 *   s_v = (own supply from the region at v + sum over flows in x s_tail) / all that comes to v,
 * solved by repeated sweeps (flows without cycles need as many as the longest way has arcs).
 */
#include "reports/regional.h"

#include "base/memory.h"
#include "reports/doors.h"
#include "reports/sites.h"

#include <math.h>
#include <string.h>

enum { SWEEPS = 500 };

typedef struct mixing {
    const kv_report *report;
    int block, commodity;
    int *door;                          /* [places] */
    double *share, *in, *supply, *next; /* [n_nodes]; supply: from the region's own sites */
} mixing;

static int moves(const kv_report *report, int flow)
{
    int kind = report->map->arc[report->problem->flow_arc[flow]].kind;
    return kind == KV_ARC_LINK || kind == KV_ARC_RANGE || kind == KV_ARC_TRANSFER;
}

static void add_sites(mixing *m, const kv_site_flows *flows, int product)
{
    for (int i = 0; i < flows->count; i++) {
        const kv_site_flow *item = &flows->items[i];
        if (item->product != product || item->t <= 0)
            continue;
        int v = m->door[item->place];
        if (v < 0)
            continue;
        m->in[v] += item->t;
        if (item->regional)
            m->supply[v] += item->t;
    }
}

static void sweep(mixing *m, int first, int last, const double *x)
{
    const kv_problem *problem = m->report->problem;
    int n = problem->n_nodes;
    for (int s = 0; s < SWEEPS; s++) {
        double change = 0;
        memcpy(m->next, m->supply, (size_t)n * sizeof(double));
        for (int p = first; p < last; p++) {
            if (x[p] > 0 && moves(m->report, p))
                m->next[problem->arc_head[problem->flow_arc[p]]] +=
                    x[p] * m->share[problem->arc_tail[problem->flow_arc[p]]];
        }
        for (int v = 0; v < n; v++) {
            double share = m->in[v] > 0 ? m->next[v] / m->in[v] : 0;
            change = fmax(change, fabs(share - m->share[v]));
            m->share[v] = share;
        }
        if (change < 1e-12)
            return;
    }
}

static void mix(mixing *m, const kv_site_flows *flows, kv_regional *shares)
{
    const kv_problem *problem = m->report->problem;
    size_t bytes = (size_t)problem->n_nodes * sizeof(double);
    int product = m->report->map->commodity[m->commodity].product;
    int first = problem->commodity_flow_first[m->commodity];
    int last = problem->commodity_flow_first[m->commodity + 1];
    const double *x = m->report->flow + (size_t)m->block * (size_t)problem->n_flows;
    memset(m->share, 0, bytes);
    memset(m->in, 0, bytes);
    memset(m->supply, 0, bytes);
    add_sites(m, flows, product);
    for (int p = first; p < last; p++) {
        if (x[p] > 0 && moves(m->report, p))
            m->in[problem->arc_head[problem->flow_arc[p]]] += x[p];
    }
    sweep(m, first, last, x);
    for (int i = 0; i < flows->count; i++) {
        const kv_site_flow *item = &flows->items[i];
        int v = m->door[item->place];
        if (item->product != product || item->t >= 0 || v < 0 || !item->regional)
            continue;
        shares[product].used_t -= item->t;
        shares[product].from_region_t -= item->t * m->share[v];
    }
}

kv_status kv_regional_shares(const kv_report *report, int block, kv_regional *shares)
{
    size_t nodes = (size_t)report->problem->n_nodes;
    mixing m = {.report = report, .block = block};
    kv_site_flows flows = {0};
    kv_status status = KV_ERR_MEMORY;
    m.share = kv_alloc(nodes, 4 * sizeof(double));
    m.door = kv_alloc((size_t)report->the_case->places.count, sizeof(int));
    if (!m.share || !m.door)
        goto out;
    kv_doors(report->problem, report->map, report->the_case->places.count, m.door);
    m.in = m.share + nodes;
    m.supply = m.in + nodes;
    m.next = m.supply + nodes;
    status = kv_site_flows_create(report, block, &flows);
    if (status != KV_OK)
        goto out;
    memset(shares, 0, (size_t)report->the_case->products.count * sizeof *shares);
    for (m.commodity = 0; m.commodity < report->problem->n_commodities; m.commodity++) {
        if (report->map->commodity[m.commodity].kind == KV_COMMODITY_PRODUCT)
            mix(&m, &flows, shares);
    }
out:
    kv_site_flows_clear(&flows);
    kv_free(m.share);
    kv_free(m.door);
    return status;
}

kv_status kv_report_regional(const kv_report *report, const char *dir, kv_messages *messages)
{
    int n_products = report->the_case->products.count;
    kv_regional *shares = kv_alloc((size_t)n_products, sizeof *shares);
    kv_status status = shares ? KV_OK : KV_ERR_MEMORY;
    kv_out out;
    kv_out_begin(&out, KV_OUT_REGIONAL);
    for (int b = 0; report->flow && b < report->problem->n_blocks && status == KV_OK; b++) {
        status = kv_regional_shares(report, b, shares);
        for (int k = 0; k < n_products && status == KV_OK; k++) {
            if (shares[k].used_t <= 0)
                continue;
            kv_out_text(&out, kv_report_scenario(report, kv_report_block_slot(report, b)));
            kv_out_text(&out, kv_report_period(report, report->map->block[b].period));
            kv_out_text(&out, report->the_case->products.rows[k].product);
            kv_out_rounded(&out, shares[k].used_t, 6);
            kv_out_rounded(&out, shares[k].from_region_t, 6);
            kv_out_rounded(&out, shares[k].from_region_t / shares[k].used_t, 9);
            kv_out_end_row(&out);
        }
    }
    kv_free(shares);
    if (status != KV_OK) {
        kv_text_clear(&out.text);
        return status;
    }
    return kv_out_write(&out, dir, messages);
}
