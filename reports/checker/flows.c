/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flows.csv: which flow of the case each row is. */
#include "reports/checker/plan.h"

#include "reports/checker/certificate.h"

#include <string.h>

/* What tells an arc from others, in the words of flows.csv. */
static const char *const words[] = {"kind",       "technology",  "links",         "direction",
                                    "from_place", "to_place",    "from_mode",     "from_standard",
                                    "to_mode",    "to_standard", "terminal",      "transfer_row",
                                    "site",       "improved_by", "dangerous_only"};
enum { N_WORDS = sizeof words / sizeof *words };

typedef struct matching {
    kvc_world *w;
    kv_pool *signatures;
    int *arc;  /* [signatures] first arc with it */
    int *twin; /* [arcs] another arc with the same signature, -1 = none */
    int column[N_WORDS];
    int scenario, period, product, origin, amount;
} matching;

static void add_word(kv_text *text, const char *word)
{
    kv_text_add(text, word ? word : "");
    kv_text_add(text, "|");
}

static void add_end(const kvc_world *w, const kvc_node *node, kv_text *text)
{
    add_word(text, node->place < 0 ? NULL : kvc_mode_name(node->mode));
    add_word(text, node->standard);
    (void)w;
}

static const char *place_word(const kvc_world *w, const kvc_node *node)
{
    return node->place < 0 ? NULL : w->given->places.rows[node->place].place;
}

static void add_links(const kvc_world *w, const kvc_arc *arc, kv_text *text)
{
    const kv_link *links = w->given->links.rows;
    if (arc->kind == KVC_LINK)
        kv_text_add(text, links[arc->link].link);
    for (int i = 0; arc->kind == KVC_RANGE && i < arc->path_count; i++)
        kv_text_addf(text, "%s%s", i ? "+" : "",
                     links[KVC_AT(int, w->path, arc->path_first + i)].link);
    kv_text_add(text, "|");
}

static char *signature(kvc_world *w, int a)
{
    static const char *const kinds[] = {
        [KVC_LINK] = "link",     [KVC_RANGE] = "range",         [KVC_TRANSFER] = "transfer",
        [KVC_SOURCE] = "source", [KVC_PLANT_OUT] = "plant_out", [KVC_PLANT_IN] = "plant_in",
        [KVC_MARKET] = "market", [KVC_UNSERVED] = "unserved",   [KVC_UNSOLD] = "unsold"};
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
    const kvc_node *nodes = w->node.items, *tail = &nodes[arc->tail], *head = &nodes[arc->head];
    const kv_case *c = w->given;
    const int physical = kvc_is_physical(arc);
    const kvc_gate *gate = arc->gate < 0 ? NULL : &KVC_AT(kvc_gate, w->gate, arc->gate);
    kv_text text = {0};
    add_word(&text, kinds[arc->kind]);
    add_word(&text, arc->technology < 0 ? NULL : c->technologies.rows[arc->technology].technology);
    add_links(w, arc, &text);
    add_word(&text, physical ? (arc->backward ? "b" : "f") : NULL);
    add_word(&text, place_word(w, tail));
    add_word(&text, place_word(w, head));
    add_end(w, tail, &text);
    add_end(w, head, &text);
    if (arc->kind == KVC_TRANSFER)
        kv_text_addf(&text, "%s|%d|",
                     c->terminals.rows[c->transfers.rows[arc->transfer].terminal].terminal,
                     kvc_transfer_row(c, arc->transfer));
    else
        kv_text_add(&text, "||");
    add_word(&text, gate ? KVC_AT(kvc_station, w->station, gate->station).site : NULL);
    add_word(&text, arc->improved_by >= 0 ? c->projects.rows[arc->improved_by].project : NULL);
    add_word(&text, !physical ? NULL : arc->dangerous_only ? "yes" : "no");
    add_word(&text, gate ? c->products.rows[gate->product].product : NULL);
    return kvc_take(w->arena, &text);
}

static void matching_make(matching *m, kv_pool *pool)
{
    kvc_world *w = m->w;
    m->signatures = pool;
    m->arc = kvc_alloc(w->arena, (size_t)w->arc.count, sizeof(int));
    m->twin = kvc_alloc(w->arena, (size_t)w->arc.count, sizeof(int));
    for (int a = 0; a < w->arc.count; a++) {
        const char *text = signature(w, a);
        const int known = kv_pool_count(pool);
        const int number = kv_pool_add(pool, text, strlen(text));
        kvc_need(w->arena, number < 0);
        m->twin[a] = number < known ? m->arc[number] : -1;
        m->arc[number] = a;
    }
}

static int good_of(const kvc_world *w, const char *product, const char *origin,
                   const char *technology, int empty)
{
    kv_text name = {0};
    int good = -1;
    if (empty)
        kv_text_addf(&name, "empty:%s", technology);
    else
        kv_text_addf(&name, "%s%s%s", product, *origin ? "@" : "", origin);
    if (!name.failed)
        good = kvc_find(w->good_names, name.data);
    kv_text_clear(&name);
    return good;
}

/* The flow of a row in its block, or -1. Of arcs that the file does not tell apart, the one that the
 * good can use and that was named first. */
static int flow_of(const matching *m, const kvc_table *table, int row)
{
    kvc_world *w = m->w;
    const char *kind = kvc_cell(table, row, m->column[0]);
    const char *product = kvc_cell(table, row, m->product);
    const int empty = strcmp(kind, "empty") == 0;
    const int good = good_of(w, product, kvc_cell(table, row, m->origin),
                             kvc_cell(table, row, m->column[1]), empty);
    const int sited = *kvc_cell(table, row, m->column[12]) != 0;
    const char *const kinds[] = {empty ? "link" : kind, empty ? "range" : NULL};
    int flow = -1;
    for (int i = 0; i < 2 && kinds[i] && good >= 0; i++) {
        kv_text text = {0};
        add_word(&text, kinds[i]);
        for (int c = 1; c < N_WORDS; c++)
            add_word(&text, kvc_cell(table, row, m->column[c]));
        add_word(&text, sited ? product : NULL);
        const int number = text.failed ? -1 : kvc_find(m->signatures, text.data);
        kv_text_clear(&text);
        for (int a = number < 0 ? -1 : m->arc[number]; a >= 0; a = m->twin[a]) {
            const int f = kvc_flow_at(w, good, a);
            flow = f >= 0 ? f : flow;
        }
    }
    return flow;
}

static kv_status read_row(kvc_plan *plan, const matching *m, int row, kvc_findings *findings)
{
    kvc_world *w = plan->world;
    const kvc_table *table = &plan->flows;
    const int slot = kvc_slot_of(w, kvc_cell(table, row, m->scenario));
    const int period = kvc_period_of(w, kvc_cell(table, row, m->period));
    const int flow = slot < 0 || period < 0 ? -1 : flow_of(m, table, row);
    mpq_t *amount = kvc_numbers(w->arena, 1);
    if (kvc_cell_needed(table, row, m->amount, *amount) != 0)
        return KV_ERR_INPUT;
    if (flow < 0) {
        kvc_fail(findings, "flows.csv:%ld: the case has no such flow", table->line[row]);
        return KV_OK;
    }
    *(kvc_moved *)kvc_push(w->arena, &plan->moved, sizeof(kvc_moved)) =
        (kvc_moved){row, slot * w->n_periods + period, flow, amount};
    return KV_OK;
}

kv_status kvc_plan_flows(kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"scenario", "period", "product", "origin",
                                          "amount",   "kind",   NULL};
    kvc_world *w = plan->world;
    kvc_table *table = &plan->flows;
    matching m = {.w = w};
    kv_status status = kvc_table_read(w, plan->dir, "flows.csv", columns, table);
    if (status != KV_OK)
        return status;
    int *const at[] = {&m.scenario, &m.period, &m.product, &m.origin, &m.amount};
    for (int i = 0; i < 5; i++)
        *at[i] = kvc_column(table, columns[i]);
    for (int i = 0; i < N_WORDS; i++)
        m.column[i] = kvc_column(table, words[i]);
    w->signatures = kv_pool_create();
    kvc_need(w->arena, w->signatures == NULL);
    matching_make(&m, w->signatures);
    for (int row = 0; row < table->n_rows && status == KV_OK; row++)
        status = read_row(plan, &m, row, findings);
    return status;
}
