/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/doors.h"

void kv_doors(const kv_problem *problem, const kv_map *map, int n_places, int *door)
{
    for (int i = 0; i < n_places; i++)
        door[i] = -1;
    /* Arcs of outside end at doors; elsewhere the first road node made is the door. */
    for (int a = 0; a < problem->n_arcs; a++) {
        const kv_arc_info *arc = &map->arc[a];
        if (arc->kind < KV_ARC_SOURCE || door[arc->place] >= 0)
            continue;
        int tail = problem->arc_tail[a];
        door[arc->place] = map->node_place[tail] >= 0 ? tail : problem->arc_head[a];
    }
    for (int v = 0; v < problem->n_nodes; v++) {
        int place = map->node_place[v];
        if (place >= 0 && door[place] < 0 && map->node_mode[v] == KV_MODE_ROAD)
            door[place] = v;
    }
}
