/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in which a table may be written, defaults, settings, folders, and the hash of a case. */
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "instances/lines.h"
#include "support/tables.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads the valid case with one file replaced; fails when anything is said about it. */
static kv_case *read_with(const char *name, const char *text, size_t length)
{
    tables files;
    kv_case *the_case = NULL;
    tables_valid(&files);
    tables_put(&files, name, text);
    for (int i = 0; i < files.count; i++)
        if (strcmp(files.files[i].name, name) == 0)
            files.files[i].length = length;
    char *messages = tables_messages(&files, NULL);
    cr_expect_str_eq(messages, "", "%s", messages);
    kv_free(messages);
    tables_read(&files, NULL, &the_case, NULL);
    tables_clear(&files);
    return the_case;
}

static const char *const links_plain =
    "link,from,to,mode,length_km,capacity,capacity_unit,open,name\n"
    "road,town,port,road,120.5,5,Mt/yr,yes,\"E4, north\"\n"
    "rail,town,port,rail,115,24,trains/day,no,\n"
    "sea,port,abroad,sea,2300,,,yes,\n";

static void expect_links(const char *text, size_t length, const char *what)
{
    kv_case *the_case = read_with("links.csv", text, length);
    cr_assert_not_null(the_case, "%s", what);
    cr_assert_eq(the_case->links.count, 3, "%s", what);
    const kv_link *road = &the_case->links.rows[0];
    cr_expect_str_eq(road->link, "road", "%s", what);
    cr_expect_str_eq(road->name, "E4, north", "%s", what);
    cr_expect_eq(road->length_km, 120.5, "%s", what);
    cr_expect_eq(road->capacity_unit, KV_UNIT_MT_YR, "%s", what);
    cr_expect_eq(the_case->links.rows[1].open, 0, "%s", what);
    cr_expect(isnan(the_case->links.rows[2].capacity), "%s", what);
    cr_expect_str_eq(the_case->places.rows[the_case->links.rows[2].to].place, "abroad", "%s", what);
    kv_case_free(the_case);
}

/* The plain text with each `from` byte replaced by `to` (0 = no bytes), after `before`. */
static void expect_rewritten(const char *before, char from, const char *to, const char *what)
{
    kv_text text = {0};
    kv_text_add(&text, before);
    for (const char *s = links_plain; *s; s++) {
        if (*s == from)
            kv_text_add(&text, to);
        else
            kv_text_add_bytes(&text, s, 1);
    }
    expect_links(text.data, text.length, what);
    kv_text_clear(&text);
}

Test(tables_reading, line_ends_and_marks)
{
    expect_links(links_plain, strlen(links_plain), "plain");
    expect_links(links_plain, strlen(links_plain) - 1, "no line end at the end");
    expect_rewritten("\xef\xbb\xbf", 0, "", "byte-order mark");
    expect_rewritten("", '\n', "\r\n", "CRLF");
    expect_rewritten("\xef\xbb\xbf", '\n', "\r\n", "byte-order mark and CRLF");
    expect_rewritten("", '\n', "\r", "CR");
    expect_rewritten("\n\n", '\n', "\n\n", "blank lines");
    expect_rewritten("# a \"comment, with\n  # another\n", '\n', "\n# \"between\n", "comments");
}

Test(tables_reading, separators_and_decimals)
{
    static const char *const ways[] = {
        "link;from;to;mode;length_km;capacity;capacity_unit;open;name\n"
        "road;town;port;road;120,5;5,0;Mt/yr;yes;E4, north\n"
        "rail;town;port;rail;115;24;trains/day;no;\nsea;port;abroad;sea;2300;;;yes;\n",
        "link;from;to;mode;length_km;capacity;capacity_unit;open;name\n"
        "road;town;port;road;120.5;5.0;Mt/yr;yes;\"E4, north\"\n"
        "rail;town;port;rail;115;24;trains/day;no;\nsea;port;abroad;sea;2300;;;yes;\n",
        "link\tfrom\tto\tmode\tlength_km\tcapacity\tcapacity_unit\topen\tname\n"
        "road\ttown\tport\troad\t120,5\t5\tMt/yr\tyes\tE4, north\n"
        "rail\ttown\tport\trail\t115\t24\ttrains/"
        "day\tno\t\nsea\tport\tabroad\tsea\t2300\t\t\tyes\t\n",
        "link,from,to,mode,length_km,capacity,capacity_unit,open,name\n"
        "road,town,port,road,\"120,5\",5,Mt/yr,TRUE,\"E4, north\"\n"
        "rail,town,port,rail,1.15e2,24,trains/day,nej,\nsea,port,abroad,sea,+2300,,,ja,\n",
        " link , from,to, mode ,length_km,capacity,capacity_unit,open,name\n"
        " road , town,port ,road, 120.5 ,5,Mt/yr,1, \"E4, north\" \n"
        "rail,town,port,rail,115,24,trains/day,0,\nsea,port,abroad,sea,2300,,,true,\n",
        "name,open,capacity_unit,capacity,length_km,mode,to,from,link,,\n"
        "\"E4, north\",yes,Mt/yr,5,120.5,road,port,town,road,,\n"
        ",no,trains/day,24,115,rail,port,town,rail\n,,,,,,,,\n,,,,2300,sea,abroad,port,sea,,,,\n",
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        expect_links(ways[i], strlen(ways[i]), ways[i]);
}

Test(tables_reading, quoted_line_breaks_keep_line_numbers)
{
    static const tables_case one = {"line numbers",
                                    {{"funders.csv", NULL,
                                      "funder,name,country\nregion,\"a\r\nname \"\"in\"\"\nthree "
                                      "lines\",SE\nstate,,SE\n,x,\n"}},
                                    NULL,
                                    "fault funders.csv:6:1: funder: a value is missing; fill it "
                                    "in: Short name of the funder\n"};
    char *messages = tables_case_messages(&one);
    cr_expect_str_eq(messages, one.messages, "%s", messages);
    kv_free(messages);
}

Test(tables_reading, rows_and_tables_in_any_order)
{
    tables files;
    kv_case *the_case = NULL;
    tables_valid(&files);
    tables_put(&files, "periods.csv", "period,first_year,last_year\np2,2031,2040\np1,2026,2030\n");
    for (int i = 0; i < files.count / 2; i++) {
        kv_case_file moved = files.files[i];
        files.files[i] = files.files[files.count - 1 - i];
        files.files[files.count - 1 - i] = moved;
    }
    cr_assert_eq(tables_read(&files, NULL, &the_case, NULL), KV_OK);
    cr_expect_str_eq(the_case->periods.rows[0].period, "p1");
    cr_expect_eq(the_case->periods.rows[0].line, 3);
    cr_expect_eq(the_case->energy.rows[2].from_period, 1);
    kv_case_free(the_case);
}

Test(tables_reading, defaults)
{
    tables files;
    kv_case *c = NULL;
    tables_valid(&files);
    tables_put(&files, "scenarios.csv", NULL);
    tables_put(&files, "changes.csv", NULL);
    tables_put(&files, "sites.csv", NULL);
    cr_assert_eq(tables_read(&files, NULL, &c, NULL), KV_OK);
    const kv_case_row *row = &c->the_case.rows[0];
    cr_expect_str_eq(row->currency, "EUR");
    cr_expect_eq(row->residual_value, KV_RESIDUAL_STRAIGHT_LINE);
    cr_expect_eq(row->flow_grid_t, 0.001);
    cr_expect_eq(row->t_per_train, 600);
    cr_expect_eq(row->operating_days_per_year, 365);
    cr_expect(isnan(row->carbon_cap_total_kt));
    cr_expect_eq(row->risk, KV_RISK_EXPECTED);
    cr_expect_eq(row->inhabitants_per_job, 1);
    cr_expect_eq(c->scenarios.count, 1);
    cr_expect_str_eq(c->scenarios.rows[0].scenario, "base");
    cr_expect_eq(c->scenarios.rows[0].probability, 1);
    cr_expect_eq(c->scenarios.rows[0].budget_factor, 1);
    cr_expect_eq(c->places.rows[0].region, 1);
    cr_expect_eq(c->places.rows[0].town, -1);
    cr_expect_null(c->links.rows[0].standard);
    cr_expect_eq(c->links.rows[0].directions, KV_BOTH);
    cr_expect_eq(c->links.rows[0].capacity_shared, 1);
    cr_expect(isnan(c->links.rows[0].speed_km_per_h));
    cr_expect_eq(c->technologies.rows[0].load_factor, 1);
    cr_expect_eq(c->technologies.rows[0].km_per_year, 100000);
    cr_expect_eq(c->technologies.rows[0].renewal, 1);
    cr_expect(isnan(c->technologies.rows[0].range_km));
    cr_expect_eq(c->projects.rows[1].max_units, 1);
    cr_expect_eq(c->projects.rows[1].earliest_year, 0);
    cr_expect_eq(c->projects.rows[1].freight_share, 1);
    cr_expect_eq(c->effects.rows[0].unit, -1);
    cr_expect_eq(c->effects.rows[5].unit, KV_UNIT_MWH_YR);
    cr_expect_eq(c->recipes.rows[0].unit, KV_AMOUNT_GWH_YR);
    cr_expect_eq(c->budgets.rows[0].carry_over, 1);
    cr_expect_eq(c->freight.rows[1].scenario, -1);
    cr_expect_eq(c->freight.rows[1].line, 3);
    kv_case_free(c);
}

static kv_case *read_set(const char *set)
{
    tables files;
    kv_case *the_case = NULL;
    tables_valid(&files);
    cr_expect_eq(tables_read(&files, set, &the_case, NULL), KV_OK, "%s", set);
    cr_assert_not_null(the_case);
    return the_case;
}

Test(tables_reading, settings)
{
    kv_case *c = read_set("links.road.length_km=130");
    cr_expect_eq(c->links.rows[0].length_km, 130);
    cr_expect_eq(c->links.rows[1].length_km, 115);
    kv_case_free(c);
    c = read_set("case.residual_value=none");
    cr_expect_eq(c->the_case.rows[0].residual_value, KV_RESIDUAL_NONE);
    kv_case_free(c);
    c = read_set("case.small.discount_rate_per_year=0.05");
    cr_expect_eq(c->the_case.rows[0].discount_rate_per_year, 0.05);
    kv_case_free(c);
    c = read_set("budgets.region/*.amount_meur=77");
    cr_expect_eq(c->budgets.rows[1].amount_meur, 77);
    cr_expect_eq(c->budgets.rows[2].amount_meur, 500);
    kv_case_free(c);
    c = read_set("energy.electricity/SE/p2.price_eur_per_kwh=0.5");
    cr_expect_eq(c->energy.rows[2].price_eur_per_kwh, 0.5);
    cr_expect_eq(c->energy.rows[3].price_eur_per_kwh, 0.08);
    kv_case_free(c);
    c = read_set("freight.*.t_per_year=10");
    cr_expect_eq(c->freight.rows[0].t_per_year + c->freight.rows[1].t_per_year, 20);
    kv_case_free(c);
    c = read_set("freight.port/town/general.growth_per_year=");
    cr_expect_eq(c->freight.rows[0].growth_per_year, 0);
    kv_case_free(c);
    c = read_set("links.road.capacity=");
    cr_expect(isnan(c->links.rows[0].capacity));
    kv_case_free(c);
    c = read_set("terminals.yard.place=port");
    cr_expect_str_eq(c->places.rows[c->terminals.rows[1].place].place, "port");
    kv_case_free(c);
}

/* ---- folders ---- */

static char *folder_make(void)
{
    char *folder = kv_strdup("/tmp/kvarken-tables-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    return folder;
}

static void folder_put(const char *folder, const char *name, const char *text)
{
    char *path = kv_path_join(folder, name);
    cr_assert_eq(kv_file_write(path, text, strlen(text), NULL), KV_OK);
    kv_free(path);
}

static void folder_remove(char *folder)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_expect_eq(system(command), 0);
    kv_free(folder);
}

static char *folder_messages(const char *folder, kv_status expected)
{
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    kv_text text = {0};
    cr_expect_eq(kv_case_read(folder, NULL, 0, &the_case, messages), expected);
    kv_messages_sort(messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        char *line = kv_message_text(kv_messages_get(messages, i));
        kv_text_addf(&text, "%s\n", line);
        kv_free(line);
    }
    kv_case_free(the_case);
    kv_messages_free(messages);
    return text.data ? text.data : kv_strdup("");
}

static void folder_fill(const char *folder)
{
    tables files;
    tables_valid(&files);
    for (int i = 0; i < files.count; i++)
        folder_put(folder, files.files[i].name, files.files[i].bytes);
}

Test(tables_reading, folder_and_memory_agree)
{
    char *folder = folder_make();
    tables files;
    kv_case *from_folder = NULL, *from_memory = NULL;
    folder_fill(folder);
    tables_valid(&files);
    cr_assert_eq(kv_case_read(folder, NULL, 0, &from_folder, NULL), KV_OK);
    cr_assert_eq(tables_read(&files, NULL, &from_memory, NULL), KV_OK);
    cr_expect_eq(from_folder->hash, from_memory->hash);
    cr_expect_str_eq(from_folder->folder, folder);
    cr_expect_null(from_memory->folder);
    cr_expect_eq(from_folder->sites.count, from_memory->sites.count);
    kv_case_free(from_folder);
    tables_edit(&files, "links.csv", "120", "121");
    kv_case_free(from_memory);
    cr_assert_eq(tables_read(&files, NULL, &from_folder, NULL), KV_OK);
    cr_assert_eq(kv_case_read(folder, NULL, 0, &from_memory, NULL), KV_OK);
    cr_expect_neq(from_folder->hash, from_memory->hash);
    kv_case_free(from_folder);
    kv_case_free(from_memory);
    tables_clear(&files);
    folder_remove(folder);
}

Test(tables_reading, folders_that_are_none)
{
    char *messages = folder_messages("/nowhere/at/all", KV_ERR_IO);
    cr_expect_str_eq(messages, "/nowhere/at/all: there is no such folder; check the path\n");
    kv_free(messages);
    messages = folder_messages("/dev/null", KV_ERR_IO);
    cr_expect_str_eq(messages,
                     "/dev/null: it is no folder; give the folder that holds the tables\n");
    kv_free(messages);
}

Test(tables_reading, files_that_cannot_be_read)
{
    char *folder = folder_make(), *path;
    folder_fill(folder);
    folder_put(folder, "project_rules.csv", "x\n");
    path = kv_path_join(folder, "rules.csv");
    cr_assert_eq(remove(path), 0);
    cr_assert_eq(kv_folder_make(path, NULL), KV_OK);
    kv_free(path);
    char *messages = folder_messages(folder, KV_ERR_IO);
    cr_expect_str_eq(messages,
                     "project_rules.csv: not a table of a case; it is not read; did you mean "
                     "rules.csv?\n"
                     "rules.csv: the file cannot be read: it is a folder; put a table in its "
                     "place\n",
                     "%s", messages);
    kv_free(messages);
    folder_remove(folder);
}

/* ---- very long lines, very many columns, very many faults ---- */

static void expect_said(const char *name, const kv_text *text, const char *expected)
{
    tables files;
    tables_valid(&files);
    tables_put(&files, name, text->data);
    char *messages = tables_messages(&files, NULL);
    cr_expect_str_eq(messages, expected, "%.400s", messages);
    kv_free(messages);
    tables_clear(&files);
}

Test(tables_reading, long_lines)
{
    kv_text text = {0};
    kv_text_add(&text, "carrier,name\ndiesel,");
    for (int i = 0; i <= KV_LONGEST_LINE; i++)
        kv_text_add_bytes(&text, "x", 1);
    kv_text_add(&text, "\nelectricity,\ndiesel,\n,y\n");
    expect_said("carriers.csv", &text,
                "fault carriers.csv:2: the line is longer than 1048576 bytes; look for a missing "
                "line break or an open quote\n"
                "fault carriers.csv:5:1: carrier: a value is missing; fill it in: Short name of "
                "the carrier\n");
    kv_text_clear(&text);
}

Test(tables_reading, open_quotes_swallow_a_megabyte_at_most)
{
    kv_text text = {0};
    tables files;
    kv_text_add(&text, "carrier,name\nelectricity,\ndiesel,\"");
    for (int i = 0; i <= KV_LONGEST_LINE + 4096; i += 8)
        kv_text_add(&text, "1234567\n");
    tables_valid(&files);
    tables_put(&files, "carriers.csv", text.data);
    char *messages = tables_messages(&files, NULL);
    const char *expected = "fault carriers.csv:3:2: the field is longer than 1048576 bytes; close "
                           "the quote\n";
    cr_expect_eq(strncmp(messages, expected, strlen(expected)), 0, "%.400s", messages);
    kv_free(messages);
    kv_text_clear(&text);
}

Test(tables_reading, many_columns)
{
    kv_text text = {0};
    kv_text_add(&text, "carrier");
    for (int i = 1; i < 300; i++)
        kv_text_add(&text, i < 299 ? "," : ",name");
    kv_text_add(&text, "\ndiesel\n");
    tables files;
    tables_valid(&files);
    tables_put(&files, "carriers.csv", text.data);
    char *messages = tables_messages(&files, NULL);
    cr_expect_not_null(
        strstr(messages, "fault carriers.csv:1: more than 256 columns; remove columns\n"), "%s",
        messages);
    kv_free(messages);
    kv_text_clear(&text);
}

Test(tables_reading, faults_beyond_those_kept_are_counted)
{
    kv_text text = {0};
    kv_case *the_case = NULL;
    kv_messages *messages = kv_messages_create();
    tables files;
    kv_text_add(&text, "from,to,product,t_per_year\n");
    for (int i = 0; i < 2500; i++)
        kv_text_addf(&text, "nowhere-%d,town,general,x\n", i);
    tables_valid(&files);
    tables_put(&files, "freight.csv", text.data);
    cr_expect_eq(tables_read(&files, NULL, &the_case, messages), KV_ERR_INPUT);
    cr_expect_eq(kv_messages_faults(messages), 5000);
    cr_expect_eq(kv_messages_count(messages), 1000);
    cr_expect_null(the_case);
    kv_messages_free(messages);
    kv_text_clear(&text);
}
