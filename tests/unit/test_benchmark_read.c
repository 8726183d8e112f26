/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of benchmark files: what they keep, and what they say to each fault. */
#include "base/memory.h"
#include "support/benchmarks.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Replace `old` by `now` in the small file (NULL: `now` is the whole file); this is said. */
typedef struct change {
    const char *old, *now, *said;
} change;

static void expect_one(const small_reading *reading, const char *what, const char *said)
{
    char *found = small_messages(reading);
    cr_expect_str_eq(found, said, "%s:\n%s\ninstead of\n%s", what, found, said);
    kv_free(found);
}

static void expect(const char *text, const small_reading *base, const change *changes)
{
    for (const change *c = changes; c->now; c++) {
        small_reading reading = *base;
        char *edited = c->old ? small_edit(text, c->old, c->now) : NULL;
        reading.text = edited ? edited : c->now;
        expect_one(&reading, c->now, c->said);
        free(edited);
    }
}

static const small_reading plain = {.options = SMALL_OPTIONS};

Test(benchmark_read, canad_is_kept_as_it_is)
{
    small_reading reading = {.text = small_canad, .options = SMALL_OPTIONS};
    kv_benchmark *b = NULL;
    kv_text name = {0};
    cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
    cr_assert_eq(b->format, KV_BENCHMARK_CANAD);
    cr_assert(b->n_nodes == 3 && b->n_links == 4 && b->n_demands == 2);
    cr_assert(b->link_tail[3] == 1 && b->link_head[3] == 0);
    cr_assert(b->link_unit_cost[2] == 4 && b->link_capacity[1] == 5 && b->link_fixed_cost[0] == 5);
    cr_assert(b->demand_from[1] == 1 && b->demand_to[1] == 2 && b->demand[1] == 2);
    kv_benchmark_link_name(b, 2, &name);
    kv_text_add(&name, " ");
    kv_benchmark_demand_name(b, 1, &name);
    cr_assert_str_eq(name.data, "a3:1-3 k2:2-3");
    kv_text_clear(&name);
    kv_benchmark_free(b);
}

Test(benchmark_read, other_line_ends_and_blank_lines_change_nothing)
{
    static const char text[] = "\xef\xbb\xbf MULTIGEN.DAT:\r\n\r\n2 1 1\r\n1\t2 0.5 1e1 0\r\n"
                               "\r\n1 2 0.25";
    small_reading reading = {.text = text, .options = SMALL_OPTIONS};
    kv_benchmark *b = NULL;
    cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
    cr_assert(b->link_unit_cost[0] == 0.5 && b->link_capacity[0] == 10 && b->demand[0] == 0.25);
    kv_benchmark_free(b);
}

Test(benchmark_read, faults_of_canad)
{
    static const char sizes[] = "MULTIGEN.DAT:\n 3 4 2\n";
    static const change changes[] = {
        {NULL, "", "small:1: the file is empty"},
        {NULL, " \n\n", "small:3: the file is empty"},
        {NULL, "from,to\nx,y\n",
         "small:1: this is no case; give a folder of tables, a .dow file of the Canad sets, an "
         "SNDlib network (XML), a warehouse location file of OR-Library, or a scenario file"},
        {NULL, "MULTIGEN.DAT:\n",
         "small:2: the file ends before the line of its sizes; add the line: nodes arcs "
         "commodities"},
        {"MULTIGEN.DAT:", "MULTIGEN.DAT: new",
         "small:1:2: 'new': there is more on the first line than MULTIGEN.DAT:; take the rest of "
         "the first line away"},
        {"  3  4  2\n", "  3  4\n",
         "small:2: there are 2 numbers on this line, not 3; the second line has: nodes arcs "
         "commodities"},
        {"  3  4  2\n", "  3  4.5  -2\n",
         "small:2:2: arcs: '4.5': it is not a whole number\n"
         "small:2:3: commodities: '-2': it is out of range; give a number from 1 to 2147483646"},
        {"  3  4  2\n", "  3  2000000000  9000\n",
         "small:2:2: arcs: '2000000000': the file is too short for so many; check this number, or "
         "add the lines\n"
         "small:2:3: commodities: '9000': the file is too short for so many; check this number, or "
         "add the lines"},
        {"1  2  1  10", "1  7  x  -10",
         "small:3:2: to: '7': it is out of range; give a number from 1 to 3\n"
         "small:3:3: unit cost: 'x': it is not a number; write it with digits, such as 12 or 0.5\n"
         "small:3:4: capacity: '-10': it is out of range; give a number from 0 to 1e+15"},
        {"2  3  1   5  5", "2  2  1   1e999  nan",
         "small:4:2: to: '2': it is the same node as the from; give two different nodes\n"
         "small:4:4: capacity: '1e999': it is out of range; give a number from 0 to 1e+15\n"
         "small:4:5: fixed cost: 'nan': it is not a number; write it with digits, such as 12 or "
         "0.5"},
        {"1  3  4  10  3  1  3\n", "1  3  4  10\n",
         "small:5: there are 4 numbers on this line, not 7; an arc has: from to unit_cost capacity "
         "fixed_cost and two numbers more that are not used"},
        {"  1  3  4\n  2  3  2\n", "  1  3  4  5\n  2  2  -1\n",
         "small:7: there are 4 numbers on this line, not 3; a commodity has: origin destination "
         "demand\n"
         "small:8:2: destination: '2': it is the same node as the origin; give two different "
         "nodes\n"
         "small:8:3: demand: '-1': it is out of range; give a number from 0 to 1e+15"},
        {"  2  3  2\n", "  2  3  2\n\n  1  2  3\n",
         "small:10: the file goes on after its 2 commodities; take it away, or mend the sizes on "
         "the second line"},
        {"  2  3  2\n", "",
         "small:8: the file ends after 1 of 2 commodities; add the lines that are missing"},
        {"  1  3  4\n  2  3  2\n", "  1  3  4.0000000000000001\n  2  3  0.00000000012\n",
         "small:7:3: demand: '4.0000000000000001': more than 15 significant digits: read as 4\n"
         "small:8:3: demand: '0.00000000012': more than 9 decimals: read as 0"},
        {NULL, NULL, NULL}};
    expect(small_canad, &plain, changes);
    small_reading cut = {.text = sizes, .options = SMALL_OPTIONS};
    expect_one(
        &cut, "sizes alone",
        "small:2:1: nodes: '3': the file is too short for so many; check this number, or add "
        "the lines\n"
        "small:2:2: arcs: '4': the file is too short for so many; check this number, or add "
        "the lines\n"
        "small:2:3: commodities: '2': the file is too short for so many; check this number, "
        "or add the lines");
}

Test(benchmark_read, location_is_kept_as_it_is)
{
    small_reading reading = {.text = small_location, .options = SMALL_OPTIONS};
    kv_benchmark *b = NULL;
    reading.options.capacity = 8;
    cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
    cr_assert_eq(b->format, KV_BENCHMARK_LOCATION);
    cr_assert(b->n_facilities == 2 && b->n_customers == 3);
    cr_assert(b->facility_capacity[0] == 5 && b->facility_capacity[1] == 8);
    cr_assert(b->facility_cost[1] == 50 && b->customer_demand[2] == 2);
    cr_assert(b->serving_cost[1] == 12 && b->serving_cost[4] == 4);
    kv_benchmark_free(b);
}

Test(benchmark_read, faults_of_location)
{
    small_reading base = {.options = SMALL_OPTIONS};
    static const change changes[] = {
        {"2 3\n", "2 3 4\n",
         "small:1: this is no case; give a folder of tables, a .dow file of the Canad sets, an "
         "SNDlib network (XML), a warehouse location file of OR-Library, or a scenario file"},
        {"2 3\n", "0 2.5\n",
         "small:1:1: warehouses: '0': it is out of range; give a number from 1 to 2147483646\n"
         "small:1:2: customers: '2.5': it is not a whole number"},
        {"2 3\n", "200 300\n",
         "small:1: the file is too short for 200 warehouses and 300 customers; check the two "
         "numbers, or add what is missing"},
        {"5 20.\n", "-5 20,5\n",
         "small:2:1: capacity: '-5': it is out of range; give a number from 0 to 1e+15\n"
         "small:2:2: fixed cost: '20,5': it is not a number; write it with digits, such as 12 or "
         "0.5"},
        {"3\n 9 3\n", "-3\n 9 x3\n",
         "small:6:1: demand: '-3': it is out of range; give a number from 0 to 1e+15\n"
         "small:7:2: cost: 'x3': it is not a number; write it with digits, such as 12 or 0.5"},
        {" 10\n", "",
         "small:10: the file ends in customer 3 of 3, before a cost; add the numbers "
         "that are missing"},
        {"2\n 4\n 10\n", "",
         "small:8: the file ends in customer 3 of 3, before a demand; add the numbers that are "
         "missing"},
        {" 10\n", " 10\n 7 7\n",
         "small:11:1: '7': the file goes on after its 3 customers; take it away, or mend the "
         "numbers on the first line"},
        {"capacity", "5",
         "small:3: the file has capacities of its own, so --capacity sets nothing; leave the "
         "option out"},
        {NULL, NULL, NULL}};
    base.options.capacity = 8;
    expect(small_location, &base, changes);
    small_reading open = {.text = small_location, .options = SMALL_OPTIONS};
    expect_one(&open, "no capacity",
               "small:3:1: the file leaves the capacity of its warehouses open; set it "
               "with --capacity");
}

Test(benchmark_read, scenarios_are_kept_as_they_are)
{
    small_reading reading = {
        .text = small_scenarios, .topology = small_canad, .options = SMALL_OPTIONS};
    kv_benchmark *b = NULL, *network = NULL;
    cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
    cr_assert_eq(b->format, KV_BENCHMARK_SCENARIOS);
    cr_assert(b->n_scenarios == 2 && b->n_demands == 2 && b->n_links == 4);
    cr_assert(b->probability[1] == 0.5 && b->scenario_demand[0] == 4 && b->scenario_demand[3] == 0);
    reading.text = small_canad;
    reading.topology = NULL;
    cr_assert_eq(small_read(&reading, &network, NULL), KV_OK);
    cr_assert_neq(b->hash, network->hash);
    kv_benchmark_free(network);
    kv_benchmark_free(b);
}

Test(benchmark_read, faults_of_scenarios)
{
    static const change changes[] = {
        {"2\n", "0\n",
         "small:1:1: scenarios: '0': it is out of range; give a number from 1 to "
         "2147483646"},
        {"2\n", "30000\n",
         "small:1:1: scenarios: '30000': the file is too short for so many scenarios of 2 "
         "commodities; check this number, or add the lines"},
        {"0.5 4 2\n", "0.5 4\n",
         "small:2: there are 2 numbers on this line, not 3; a scenario has its probability and a "
         "demand for each commodity of the topology"},
        {"0.5 4 2\n", "1.5 -4 bad\n",
         "small:2:1: probability: '1.5': it is out of range; give a number from 0 to 1\n"
         "small:2:2: demand: '-4': it is out of range; give a number from 0 to 1e+15\n"
         "small:2:3: demand: 'bad': it is not a number; write it with digits, such as 12 or 0.5"},
        {"0.5 4 2\n", "0.4 4 2\n",
         "small:4: the probabilities add up to 0.9; they have to add up to 1"},
        {"0.5 1 0\n", "0.5 1 -0.005\n",
         "small:3:3: demand: '-0.005': a demand is not negative: read as 0"},
        {"0.5 1 0\n", "",
         "small:3: the file ends after 1 of 2 scenarios; add the lines that are "
         "missing"},
        {"0.5 1 0\n", "0.5 1 0\n0.5 1 0\n",
         "small:4: the file goes on after its 2 scenarios; take it away, or mend the number on the "
         "first line"},
        {NULL, NULL, NULL}};
    small_reading base = {.topology = small_canad, .options = SMALL_OPTIONS};
    expect(small_scenarios, &base, changes);
    small_reading reading = {.text = small_scenarios, .options = SMALL_OPTIONS};
    expect_one(&reading, "no topology",
               "small: a scenario file needs the network it is for; give it with --topology "
               "FILE.dow");
    reading.topology = small_location;
    expect_one(&reading, "a location file",
               "topology: a topology has to be a .dow file; give a .dow file of the Canad sets");
    reading.topology = "MULTIGEN.DAT:\n";
    reading.options.topology = "net.dow";
    expect_one(&reading, "a faulty topology",
               "net.dow:2: the file ends before the line of its sizes; add the line: nodes arcs "
               "commodities");
}

Test(benchmark_read, sndlib_is_kept_as_it_is)
{
    small_reading reading = {.text = small_sndlib, .options = SMALL_OPTIONS};
    kv_benchmark *b = NULL;
    cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
    cr_assert_eq(b->format, KV_BENCHMARK_SNDLIB);
    cr_assert(b->n_nodes == 3 && b->n_links == 3 && b->n_demands == 3);
    cr_assert(b->module_first[1] == 2 && b->module_first[3] == 4);
    cr_assert(b->link_capacity[0] == 2 && b->link_capacity[1] == 0 && b->sunk_cost == 6);
    cr_assert(b->link_unit_cost[0] == 1 && b->link_fixed_cost[1] == 3);
    cr_assert(b->module_capacity[1] == 5 && b->module_cost[3] == 40);
    cr_assert_str_eq(b->link_id[1], "L2");
    cr_assert(b->demand_from[1] == 1 && b->demand_to[1] == 0 && b->demand[2] == 2);
    kv_benchmark_free(b);
}

Test(benchmark_read, faults_of_sndlib)
{
    static const change changes[] = {
        {NULL, "<html></html>",
         "small:1: 'html': this is XML, but no network; give an SNDlib 1.0 "
         "network, which begins with <network>"},
        {NULL, "<network/>",
         "small:1: the network has no nodes; add the section, or fetch the file anew\n"
         "small:1: the network has no links; add the section, or fetch the file anew\n"
         "small:1: the network has no demands; add the section, or fetch the file anew"},
        {"<node id=\"B\"/>", "<node id=\"A\"/>",
         "small:7: there are two of node 'A'; give each an id of its own\n"
         "small:13: link 'L1', target: 'B': there is no such node; give the id of a node of this "
         "file\n"
         "small:22: link 'L2', source: 'B': there is no such node; give the id of a node of this "
         "file\n"
         "small:34: demand 'D1', target: 'B': there is no such node; give the id of a node of this "
         "file\n"
         "small:36: demand 'D2', source: 'B': there is no such node; give the id of a node of this "
         "file"},
        {"<node id=\"C\"/>", "<node id=\"C\"/><node/><node id=\"a b\"/>",
         "small:8: a node has no id; give it one that no other has\n"
         "small:8: the id of node 'a b' has blanks; take them out"},
        {"<capacity>3<", "<capacity>-3<",
         "small:17: link 'L1', module capacity: '-3': it is out of range; give a number from 0 to "
         "1e+15"},
        {"<capacity>3</capacity>", "",
         "small:17: link 'L1': the capacity of a module is missing; add it"},
        {"<cost>8<", "<cost>8 8<",
         "small:23: link 'L2', module cost: '8 8': it is not a number; write it with digits, such "
         "as 12 or 0.5"},
        {"<setupCost>3</setupCost>", "<setupCost>3</setupCost><setupCost>4</setupCost>",
         "small:22: link 'L2': a value is given twice; leave one"},
        {"<source>B</source><target>C</target>", "<source>B</source><target>B</target>",
         "small:25: link 'L2': source and target are the same node; give two different nodes"},
        {"<source>B</source><target>C</target>", "<source>B</source>",
         "small:25: link 'L2': target is missing; add it"},
        {"<setupCost>3</setupCost>", "<colour>3</colour>",
         "small:22: 'colour': SNDlib 1.0 has no such element here; take it away"},
        {"  <links>\n", "  <links>junk\n",
         "small:11: 'junk': there is text between the elements; take it away"},
        {"<routingUnit>1<", "<routingUnit>2<",
         "small:34: demand 'D1': routing units other than 1 are not read; multiply the demand by "
         "it and write 1"},
        {"<demandValue>3</demandValue>", "",
         "small:37: demand 'D2': demandValue is missing; add it"},
        {"<demandValue>3</demandValue>",
         "<demandValue>3</demandValue><maxPathLength>2"
         "</maxPathLength>",
         "small: limits on the paths of demands are not used: any path is allowed"},
        {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
         "<!DOCTYPE network [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n",
         "small:1: the file has a document type, which may bring entities with it; take the "
         "declaration <!DOCTYPE ...> away"},
        {NULL, NULL, NULL}};
    expect(small_sndlib, &plain, changes);
}

static int begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* What libxml2 itself says may change with its version; the place and our part may not. */
Test(benchmark_read, malformed_xml_is_told_with_its_line)
{
    static const char *const olds[] = {"</links>", "<source>A</source>", "<node id=\"B\"/>"};
    static const char *const news[] = {"</link>", "<source>&evil;</source>", "<node id=B/>"};
    static const char *const places[] = {"small:31: ", "small:12: ", "small:7: "};
    for (int i = 0; i < 3; i++) {
        char *text = small_edit(small_sndlib, olds[i], news[i]);
        small_reading reading = {.text = text, .options = SMALL_OPTIONS};
        char *said = small_messages(&reading);
        cr_expect(begins(said, places[i]), "%s", said);
        cr_expect(strstr(said, "this is not well-formed XML: "), "%s", said);
        cr_expect(!strchr(said, '\n'), "%s", said);
        kv_free(said);
        free(text);
    }
}

Test(benchmark_read, deep_and_endless_xml_is_refused)
{
    enum { DEPTH = 5000 };
    kv_text text = {0};
    kv_text_add(&text, "<network><meta>");
    for (int i = 0; i < DEPTH; i++)
        kv_text_add(&text, "<a>");
    small_reading reading = {.text = text.data, .options = SMALL_OPTIONS};
    char *said = small_messages(&reading);
    cr_assert(strstr(said, "this is not well-formed XML: "), "%s", said);
    kv_free(said);
    kv_text_clear(&text);
}

/* Whatever is cut off, the file is refused, but for blanks and the end of the last number. */
Test(benchmark_read, truncated_files_are_refused)
{
    const char *const texts[] = {small_canad, small_location, small_scenarios, small_sndlib};
    const size_t spared[] = {2, 3, 2, 2};
    for (int t = 0; t < 4; t++) {
        for (size_t length = 1; length + spared[t] <= strlen(texts[t]); length++) {
            small_reading reading = {.text = texts[t],
                                     .length = length,
                                     .topology = t == 2 ? small_canad : NULL,
                                     .options = SMALL_OPTIONS};
            kv_benchmark *b = NULL;
            reading.options.capacity = t == 1 ? 8 : 0;
            cr_assert_eq(small_read(&reading, &b, NULL), KV_ERR_INPUT, "text %d, %zu bytes", t,
                         length);
            cr_assert_null(b);
        }
    }
}

Test(benchmark_read, options_of_other_formats_are_refused)
{
    small_reading reading = {
        .text = small_canad,
        .options = {.topology = "x", .capacity = 3, .modules = 1, .commodities = 0}};
    expect_one(&reading, "all options",
               "small: --topology is for scenario files, which this is not; leave the option out\n"
               "small: --capacity is for warehouse location files, which this is not; leave the "
               "option out\n"
               "small: --modules is for SNDlib networks, which this is not; leave the option out\n"
               "small: --commodities is for SNDlib networks, which this is not; leave the option "
               "out");
}

Test(benchmark_read, missing_file_is_told)
{
    kv_messages *messages = kv_messages_create();
    kv_benchmark *b = NULL;
    cr_assert_eq(kv_benchmark_read("/no/such/file.dow", NULL, &b, messages), KV_ERR_IO);
    cr_assert_eq(kv_messages_faults(messages), 1);
    cr_assert_null(b);
    kv_messages_free(messages);
}

/* Every allocation of ours fails once. */
Test(benchmark_read, without_memory)
{
    const char *const texts[] = {small_canad, small_location, small_scenarios, small_sndlib};
    for (int t = 0; t < 4; t++) {
        small_reading reading = {
            .text = texts[t], .topology = t == 2 ? small_canad : NULL, .options = SMALL_OPTIONS};
        reading.options.capacity = t == 1 ? 8 : 0;
        kv_status status = KV_ERR_MEMORY;
        for (long n = 1; status != KV_OK; n++) {
            kv_benchmark *b = NULL;
            kv_memory_fail_at(n, 0);
            status = small_read(&reading, &b, NULL);
            kv_memory_fail_at(0, 0);
            cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%d", (int)status);
            cr_assert((status == KV_OK) == (b != NULL));
            kv_benchmark_free(b);
            cr_assert_lt(n, 1000);
        }
    }
}
