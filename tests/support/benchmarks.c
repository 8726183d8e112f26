/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/benchmarks.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

const char small_canad[] = "MULTIGEN.DAT:\n"
                           "  3  4  2\n"
                           "  1  2  1  10  5  1  1\n"
                           "  2  3  1   5  5  1  2\n"
                           "  1  3  4  10  3  1  3\n"
                           "  2  1  3  10  0  1  4\n"
                           "  1  3  4\n"
                           "  2  3  2\n";

const char small_scenarios[] = "2\n"
                               "0.5 4 2\n"
                               "0.5 1 0\n";

const char small_location[] = "2 3\n"
                              "5 20.\n"
                              "capacity 50\n"
                              "4\n 8 12\n"
                              "3\n 9 3\n"
                              "2\n 4\n 10\n";

const char small_sndlib[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<network xmlns=\"http://sndlib.zib.de/network\" version=\"1.0\">\n"
    " <meta><unit>any</unit></meta>\n"
    " <networkStructure>\n"
    "  <nodes coordinatesType=\"pixel\">\n"
    "   <node id=\"A\"><coordinates><x>1</x><y>2</y></coordinates></node>\n"
    "   <node id=\"B\"/>\n"
    "   <node id=\"C\"/>\n"
    "  </nodes>\n"
    "  <links>\n"
    "   <link id=\"L1\">\n"
    "    <source>A</source>\n"
    "    <target> B </target>\n"
    "    <preInstalledModule><capacity>2</capacity><cost>6</cost></preInstalledModule>\n"
    "    <routingCost>1.0</routingCost>\n"
    "    <additionalModules>\n"
    "     <addModule><capacity>3</capacity><cost>10</cost></addModule>\n"
    "     <addModule><capacity>5</capacity><cost>14</cost></addModule>\n"
    "    </additionalModules>\n"
    "   </link>\n"
    "   <link id=\"L2\">\n"
    "    <source>B</source><target>C</target><setupCost>3</setupCost>\n"
    "    <additionalModules><addModule><capacity>4</capacity><cost>8</cost></addModule>\n"
    "    </additionalModules>\n"
    "   </link>\n"
    "   <link id=\"L3\">\n"
    "    <source>A</source><target>C</target>\n"
    "    <additionalModules><addModule><capacity>10</capacity><cost>40</cost></addModule>\n"
    "    </additionalModules>\n"
    "   </link>\n"
    "  </links>\n"
    " </networkStructure>\n"
    " <demands>\n"
    "  <demand id=\"D1\"><source>A</source><target>B</target><routingUnit>1</routingUnit>\n"
    "   <demandValue>4</demandValue></demand>\n"
    "  <demand id=\"D2\"><source>B</source><target>A</target>\n"
    "   <demandValue>3</demandValue></demand>\n"
    "  <demand id=\"D3\"><source>A</source><target>C</target>\n"
    "   <demandValue>2.0E0</demandValue></demand>\n"
    " </demands>\n"
    "</network>\n";

kv_status small_read(const small_reading *reading, kv_benchmark **benchmark, kv_messages *messages)
{
    size_t length = reading->length ? reading->length : strlen(reading->text);
    size_t topology_length = reading->topology ? strlen(reading->topology) : 0;
    return kv_benchmark_read_bytes(reading->text, length, reading->topology, topology_length,
                                   &reading->options, "small", benchmark, messages);
}

char *small_messages(const small_reading *reading)
{
    kv_messages *messages = kv_messages_create();
    kv_benchmark *benchmark = NULL;
    kv_text all = {0};
    kv_status status = small_read(reading, &benchmark, messages);
    cr_assert((status == KV_OK) == (kv_messages_faults(messages) == 0), "status %d", (int)status);
    cr_assert((status == KV_OK) == (benchmark != NULL));
    cr_assert(status == KV_OK || status == KV_ERR_INPUT, "status %d", (int)status);
    kv_messages_sort(messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        char *line = kv_message_text(kv_messages_get(messages, i));
        kv_text_addf(&all, "%s%s", i ? "\n" : "", line);
        kv_free(line);
    }
    kv_benchmark_free(benchmark);
    kv_messages_free(messages);
    return all.data ? all.data : kv_strdup("");
}

char *small_edit(const char *text, const char *old, const char *now)
{
    const char *at = strstr(text, old);
    cr_assert(at != NULL, "no '%s' in the text", old);
    size_t before = (size_t)(at - text), size = strlen(text) + strlen(now) + 1;
    char *edited = malloc(size);
    cr_assert(edited != NULL);
    memcpy(edited, text, before);
    memcpy(edited + before, now, strlen(now));
    memcpy(edited + before + strlen(now), at + strlen(old), strlen(at + strlen(old)) + 1);
    return edited;
}

kv_problem *small_problem(const small_reading *reading)
{
    kv_benchmark *benchmark = NULL;
    kv_problem *problem = NULL;
    cr_assert(small_read(reading, &benchmark, NULL) == KV_OK);
    cr_assert(kv_benchmark_build(benchmark, &problem, NULL) == KV_OK);
    kv_messages *messages = kv_messages_create();
    kv_status status = kv_problem_check(problem, messages);
    cr_assert(status == KV_OK, "%s",
              kv_messages_count(messages) ? kv_messages_get(messages, 0)->what : "");
    kv_messages_free(messages);
    kv_benchmark_free(benchmark);
    return problem;
}
