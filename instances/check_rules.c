/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circles of recipes and rules, and rules that contradict each other. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/checker.h"
#include "instances/graph.h"

#include <string.h>

static int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- circles ---- */

typedef struct circle {
    kv_checker *checker;
    int names; /* the table whose rows are the nodes */
} circle;

/* "a, b, a" */
static void circle_text(const circle *circles, const int *nodes, int n, kv_text *text)
{
    for (int i = 0; i <= n; i++)
        kv_text_addf(text, "%s%s", i ? ", " : "",
                     kv_check_name(circles->checker, circles->names, nodes[i % n]));
}

static void recipe_circle(void *context, const int *nodes, int n)
{
    circle *circles = context;
    kv_text text = {0};
    circle_text(circles, nodes, n, &text);
    if (text.failed)
        circles->checker->status = KV_ERR_MEMORY;
    else if (n > 1)
        kv_check_add(circles->checker, KV_WARNING, KV_TABLE_RECIPES, -1, NULL,
                     "check the recipes of these products",
                     "products are made from each other in a circle: %s", text.data);
    kv_text_clear(&text);
}

static int recipe_edges(const kv_case *c, kv_graph *graph)
{
    for (int s = 0; s < c->sites.count; s++) {
        const kv_site *site = &c->sites.rows[s];
        if (site->role != KV_SITE_PLANT || !site->recipe)
            continue;
        for (int i = 0; i < c->recipes.count; i++)
            if (c->recipes.rows[i].role == KV_RECIPE_INPUT &&
                same_text(c->recipes.rows[i].recipe, site->recipe) &&
                kv_graph_add(graph, site->product, c->recipes.rows[i].product) != 0)
                return -1;
    }
    return kv_graph_sort(graph);
}

void kv_check_recipe_circles(kv_checker *checker)
{
    kv_graph graph = {.n_nodes = checker->the_case->products.count};
    circle circles = {checker, KV_TABLE_PRODUCTS};
    if (recipe_edges(checker->the_case, &graph) != 0 ||
        kv_graph_circles(&graph, recipe_circle, &circles) != 0)
        checker->status = KV_ERR_MEMORY;
    kv_graph_clear(&graph);
}

/* ---- each rule ---- */

static void rule_circle(void *context, const int *nodes, int n)
{
    circle *circles = context;
    const kv_case *c = circles->checker->the_case;
    kv_text text = {0};
    int row = -1;
    for (int i = 0; i < c->rules.count && row < 0; i++)
        if (c->rules.rows[i].rule == KV_RULE_REQUIRES && c->rules.rows[i].project == nodes[n - 1] &&
            c->rules.rows[i].other == nodes[0])
            row = i;
    circle_text(circles, nodes, n, &text);
    if (text.failed)
        circles->checker->status = KV_ERR_MEMORY;
    else
        kv_check_add(circles->checker, KV_FAULT, KV_TABLE_RULES, row, "other",
                     "remove one of these rules, or use jointly",
                     "projects require each other in a circle: %s", text.data);
    kv_text_clear(&text);
}

static void check_rule(kv_checker *checker, int i)
{
    static const char *const names[] = {"requires", "excludes", "jointly", "mandatory"};
    const kv_case *c = checker->the_case;
    const kv_rule *rule = &c->rules.rows[i];
    int mandatory = rule->rule == KV_RULE_MANDATORY;
    if (mandatory && rule->other >= 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_RULES, i, "other", "leave it blank",
                     "mandatory does not use it");
    if (mandatory)
        return;
    if (rule->other < 0) {
        kv_check_add(checker, KV_FAULT, KV_TABLE_RULES, i, "other", "name the other project",
                     "a value is missing: %s needs it", names[rule->rule]);
        return;
    }
    if (rule->other == rule->project)
        kv_check_add(checker, KV_FAULT, KV_TABLE_RULES, i, "other", "name two projects",
                     "a rule between '%s' and itself",
                     kv_check_name(checker, KV_TABLE_PROJECTS, rule->project));
    for (int end = 0; end < 2 && rule->rule != KV_RULE_REQUIRES; end++) {
        int project = end ? rule->other : rule->project;
        if (c->projects.rows[project].max_units > 1)
            kv_check_add(checker, KV_FAULT, KV_TABLE_RULES, i, end ? "other" : "project",
                         "set max_units to 1 in projects.csv",
                         "%s needs a project of which one unit can be built", names[rule->rule]);
    }
}

void kv_check_rules(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    kv_graph graph = {.n_nodes = c->projects.count};
    circle circles = {checker, KV_TABLE_PROJECTS};
    for (int i = 0; i < c->rules.count; i++) {
        const kv_rule *rule = &c->rules.rows[i];
        check_rule(checker, i);
        if (rule->rule == KV_RULE_REQUIRES && rule->other >= 0 && rule->other != rule->project &&
            kv_graph_add(&graph, rule->project, rule->other) != 0)
            checker->status = KV_ERR_MEMORY;
    }
    if (checker->status == KV_OK &&
        (kv_graph_sort(&graph) != 0 || kv_graph_circles(&graph, rule_circle, &circles) != 0))
        checker->status = KV_ERR_MEMORY;
    kv_graph_clear(&graph);
}

/* ---- contradictions ---- */

/* Edges to all that must be built with a project. */
static int follows_edges(const kv_case *c, kv_graph *graph)
{
    for (int i = 0; i < c->rules.count; i++) {
        const kv_rule *rule = &c->rules.rows[i];
        int follows = rule->rule == KV_RULE_REQUIRES || rule->rule == KV_RULE_JOINTLY;
        if (!follows || rule->other < 0)
            continue;
        if (kv_graph_add(graph, rule->project, rule->other) != 0)
            return -1;
        if (rule->rule == KV_RULE_JOINTLY && kv_graph_add(graph, rule->other, rule->project) != 0)
            return -1;
    }
    return kv_graph_sort(graph);
}

/* Two projects of the set that can't both be built, or 0. */
static int clash(const kv_case *c, const unsigned char *set, int *a, int *b)
{
    for (int i = 0; i < c->rules.count; i++) {
        const kv_rule *rule = &c->rules.rows[i];
        if (rule->rule == KV_RULE_EXCLUDES && rule->other >= 0 && rule->other != rule->project &&
            set[rule->project] && set[rule->other]) {
            *a = rule->project;
            *b = rule->other;
            return 1;
        }
    }
    for (*a = 0; *a < c->projects.count; ++*a)
        for (*b = *a + 1; set[*a] && c->projects.rows[*a].size_of && *b < c->projects.count; ++*b)
            if (set[*b] && same_text(c->projects.rows[*a].size_of, c->projects.rows[*b].size_of))
                return 1;
    return 0;
}

static int mandatory_row(const kv_case *c, int project)
{
    for (int i = 0; i < c->rules.count; i++)
        if (c->rules.rows[i].rule == KV_RULE_MANDATORY && c->rules.rows[i].project == project)
            return i;
    return -1;
}

/* A project whose own requirements clash: a fault if it is mandatory, else it can't be built. */
static int check_project(kv_checker *checker, int project, const unsigned char *set)
{
    int a, b, row = mandatory_row(checker->the_case, project);
    if (!clash(checker->the_case, set, &a, &b))
        return 0;
    const char *first = kv_check_name(checker, KV_TABLE_PROJECTS, a);
    const char *second = kv_check_name(checker, KV_TABLE_PROJECTS, b);
    if (row >= 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_RULES, row, "project",
                     "change one of the rules that lead there",
                     "it is mandatory, but needs both '%s' and '%s', which exclude each other",
                     first, second);
    else
        kv_check_add(checker, KV_WARNING, KV_TABLE_PROJECTS, project, "project",
                     "change one of the rules that lead there",
                     "it can never be built: it needs both '%s' and '%s', which exclude each other",
                     first, second);
    return row >= 0;
}

void kv_check_contradictions(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    size_t n = (size_t)c->projects.count;
    int a, b, told = 0, row = -1;
    kv_graph graph = {.n_nodes = c->projects.count};
    unsigned char *reached = kv_alloc(n, 1), *needed = kv_alloc(n, 1);
    int *stack = kv_alloc(n, sizeof(int));
    if (!reached || !needed || !stack || follows_edges(c, &graph) != 0) {
        checker->status = KV_ERR_MEMORY;
        goto out;
    }
    for (int p = 0; p < c->projects.count && c->rules.count > 0; p++) {
        int must = mandatory_row(c, p);
        kv_graph_reach(&graph, p, reached, stack);
        told |= check_project(checker, p, reached);
        row = must >= 0 ? must : row;
        for (int other = 0; other < c->projects.count && must >= 0; other++)
            needed[other] |= reached[other];
    }
    if (!told && row >= 0 && clash(c, needed, &a, &b))
        kv_check_add(checker, KV_FAULT, KV_TABLE_RULES, row, "project",
                     "change one of the rules that lead there",
                     "mandatory projects need both '%s' and '%s', which exclude each other",
                     kv_check_name(checker, KV_TABLE_PROJECTS, a),
                     kv_check_name(checker, KV_TABLE_PROJECTS, b));
out:
    kv_graph_clear(&graph);
    kv_free(reached);
    kv_free(needed);
    kv_free(stack);
}
