/*
 * What a verdict costs: conditions that are tables alone, one whose plugin has a function, and beside them the same
 * bytes there and back between two processes that do nothing else.
 *
 * plugin_cost PLUGIN.so...: each plugin's worked examples are judged many times over, then the fixture checks_form is
 * asked about a form. Prints one JSON object, medians in microseconds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "measure.h"
#include "place.h"
#include "plugin/eligibility.h"

#define TIMES       1001 /* odd: the middle one is the median */
#define WARM_UP     100
#define EXAMPLES    4096
#define FORM_FIELDS 30

static int64_t now_ns(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static int by_size(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/* In microseconds, of `act` done again and again. */
static double median_of(void (*act)(void *context), void *context)
{
	static double took[TIMES];

	for (int i = 0; i < WARM_UP; i++)
		act(context);
	for (int i = 0; i < TIMES; i++) {
		int64_t from = now_ns();

		act(context);
		took[i] = (double)(now_ns() - from) / 1000;
	}
	qsort(took, TIMES, sizeof(*took), by_size);
	return took[TIMES / 2];
}

/* ---- Tables alone ---- */

struct judging {
	struct arena *arena; /* of one evaluation */
	const json *manifest, *example;
};

static void judge(void *context)
{
	struct judging *judging = context;
	json *verdict;

	arena_reset(judging->arena);
	eligibility_evaluate(judging->arena, judging->manifest,
		json_get_text(judging->example, "condition"), NULL,
		json_get(judging->example, "facts"), &verdict);
	must(json_get_text(verdict, "outcome"), "a verdict");
}

static struct catalogue_entry install(struct place *place, const char *path)
{
	struct catalogue_entry entry;

	if (place_install(place, path, &entry)) {
		(void)fprintf(stderr, "%s: %s\n", path, place_said(place));
		exit(1);
	}
	return entry;
}

/* The medians of all worked examples, smallest first. */
static int tables_measure(struct place *place, struct arena *arena, int count, char **paths,
	double medians[static EXAMPLES])
{
	int examples = 0;

	for (int i = 0; i < count; i++) {
		const json *manifest = install(place, paths[i]).manifest;

		json_each(example, json_get(manifest, "examples"))
		{
			struct judging judging = {arena, manifest, example};

			must(examples < EXAMPLES, "room for the examples");
			medians[examples++] = median_of(judge, &judging);
		}
	}
	must(examples > 0, "an example");
	qsort(medians, (size_t)examples, sizeof(*medians), by_size);
	return examples;
}

/* ---- A function ---- */

struct asking {
	struct place *place;
	struct judging judging;
	const char *sha256;
	json *form;
};

static void ask(void *context)
{
	struct asking *asking = context;
	json *answer;

	judge(&asking->judging);
	must(plugin_call(asking->place->workers, asking->judging.arena, "haidian", asking->sha256,
		     asking->form, &answer, &asking->place->error) == OK,
		"check_form");
}

/* As long as one that somebody has filled in (core/exam/consultation.c). */
static json *form_of(struct arena *arena)
{
	json *form = json_new_object(arena);

	json_set_text(arena, form, "seal", "2026-1");
	for (int i = 0; i < FORM_FIELDS; i++)
		json_set_text(arena, form, arena_printf(arena, "work.%d.occupation", i), "测试员");
	return form;
}

/* ---- A pipe ---- */

struct pipe {
	int there[2], back[2];
	size_t size;
	char content[4096];
};

static void pass(int from, int to, struct pipe *pipe)
{
	for (size_t done = 0; done < pipe->size;) {
		ssize_t more = read(from, pipe->content + done, pipe->size - done);

		if (more <= 0)
			_exit(0);
		done += (size_t)more;
	}
	if (write(to, pipe->content, pipe->size) != (ssize_t)pipe->size)
		_exit(1);
}

static void there_and_back(void *context)
{
	struct pipe *pipe = context;
	ssize_t got = 0;

	must(write(pipe->there[1], pipe->content, pipe->size) == (ssize_t)pipe->size, "write");
	while (got < (ssize_t)pipe->size) {
		ssize_t more = read(pipe->back[0], pipe->content + got, pipe->size - (size_t)got);

		must(more > 0, "read");
		got += more;
	}
}

static double pipe_measure(size_t size)
{
	static struct pipe pair;

	must(size <= sizeof(pair.content), "a form that fits");
	pair.size = size;
	must(pipe(pair.there) == 0 && pipe(pair.back) == 0, "pipe");
	pid_t child = fork();

	must(child >= 0, "fork");
	if (child == 0) {
		(void)close(pair.there[1]);
		for (;;)
			pass(pair.there[0], pair.back[1], &pair);
	}

	double median = median_of(there_and_back, &pair);

	(void)close(pair.there[1]);
	must(waitpid(child, NULL, 0) == child, "waitpid");
	return median;
}

int main(int count, char **words)
{
	static double medians[EXAMPLES];
	void *state;

	place_be_worker(count, words);
	if (count < 2) {
		(void)fputs("usage: plugin_cost PLUGIN.so...\n", stderr);
		return 2;
	}
	(void)place_open(&state);

	struct place *place = state;
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	int examples = tables_measure(place, arena, count - 1, words + 1, medians);
	struct catalogue_entry entry = install(place, place_fixture(place, "checks_form"));
	struct asking asking = {.place = place,
		.judging = {arena, entry.manifest,
			json_first(json_get(entry.manifest, "examples"))},
		.sha256 = entry.sha256,
		.form = form_of(place->arena)};
	double function = median_of(ask, &asking);
	size_t size = strlen(json_print(place->arena, asking.form));

	(void)printf("{\"examples\": %d, \"tables_us\": %.2f, \"tables_slowest_us\": %.2f,"
		     " \"function_us\": %.1f, \"pipe_us\": %.1f, \"form_bytes\": %zu}\n",
		examples, medians[examples / 2], medians[examples - 1], function,
		pipe_measure(size), size);
	arena_destroy(arena);
	return place_close(&state);
}
