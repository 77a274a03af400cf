/*
 * Twenty hostile acts by a plugin's code, in its function and in its constructor: none succeeds, and the test says what
 * each would have gained. That they are real is shown by doing them once without the sandbox.
 *
 * Whether one succeeded is not only for the plugin to say: the test holds what it would have reached.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "fixtures/acts_list.h"
#include "place.h"
#include "plugin/kaowu_plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define ACT_ROW(name, gain, kind) {#name, gain, kind},
static const struct {
	const char *name, *gain;
	enum act_kind kind;
} acts[] = {ACTS(ACT_ROW)};

/* What the acts are aimed at. */
struct target {
	struct place *place;
	int tcp, udp, local;
	uint16_t port;
};

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static const char *path_of(const struct target *target, const char *name)
{
	return arena_printf(target->place->arena, "%s/%s", target->place->folder, name);
}

/* The same port for both. */
static void listen_by_internet(struct target *target)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(address);
	target->tcp = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	target->udp = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	do {
		close(target->tcp);
		target->tcp = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		address.sin_port = 0;
		assert_int_equal(bind(target->tcp, (struct sockaddr *)&address, size), 0);
		getsockname(target->tcp, (struct sockaddr *)&address, &size);
	} while (bind(target->udp, (struct sockaddr *)&address, size) != 0);
	assert_int_equal(listen(target->tcp, 1), 0);
	target->port = ntohs(address.sin_port);
}

static void listen_in_folder(struct target *target)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path_of(target, "socket"));
	target->local = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(target->local, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(target->local, 1), 0);
}

static void target_open(struct target *target, size_t act)
{
	char pattern[64];
	void *place;
	listen_by_internet(target);
	snprintf(pattern, sizeof(pattern), "/tmp/kaowu-act-%zu-%u-%d-XXXXXX", act, target->port,
		(int)getpid());
	assert_int_equal(place_open_at(&place, pattern), 0);
	target->place = place;
	listen_in_folder(target);
	int secret = open(path_of(target, "secret"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(secret, "key", 3), 3);
	close(secret);
	signals = 0;
}

static void target_close(struct target *target)
{
	void *place = target->place;
	close(target->tcp);
	close(target->udp);
	close(target->local);
	place_close(&place);
}

/* What came of an act, as the one sees it who would have been harmed. */
static const char *harm(const struct target *target)
{
	char byte;
	if (accept(target->tcp, NULL, NULL) >= 0)
		return "a TCP connection came";
	if (recv(target->udp, &byte, 1, 0) >= 0)
		return "a datagram came";
	if (accept(target->local, NULL, NULL) >= 0)
		return "a connection came to the socket in the folder";
	if (access(path_of(target, "created"), F_OK) == 0)
		return "a file was created";
	if (access(path_of(target, "executed"), F_OK) == 0)
		return "a program ran";
	if (signals > 0)
		return "a signal came";
	return NULL;
}

/* ---- In the sandbox ---- */

static const char *asked(
	struct target *target, const struct catalogue_entry *entry, const char *aim)
{
	struct place *place = target->place;
	json *form = json_new_object(place->arena), *answer;
	json_set_text(place->arena, form, "aim", aim);
	enum result rc = plugin_call(place->workers, place->arena, "haidian", entry->sha256, form,
		&answer, &place->error);
	if (rc)
		return place->error.params[1];
	if (json_count(json_get(answer, "findings")) > 0)
		return "SUCCEEDED";
	return "failed, and it went on";
}

/* How it ended. */
static const char *in_function(struct target *target)
{
	struct place *place = target->place;
	struct catalogue_entry entry;
	assert_int_equal(place_install(place, place_fixture(place, "acts"), &entry), OK);
	return asked(target, &entry, place->folder);
}

static const char *in_constructor(struct target *target)
{
	struct place *place = target->place;
	struct catalogue_entry entry;
	if (place_install(place, place_fixture(place, "acts_at_loading"), &entry) == OK)
		return asked(target, &entry, "nothing");
	assert_true(text_starts(place->error.code, "plugin."));
	return place->error.code;
}

static void none_succeeds(const char *when, const char *(*run)(struct target *target))
{
	for (size_t i = 0; i < COUNT(acts); i++) {
		struct target target = {0};
		target_open(&target, i);
		const char *ended = run(&target), *harmed = harm(&target);
		print_message(
			"%-24s %-13s %-23s for %s\n", acts[i].name, when, ended, acts[i].gain);
		if (harmed || text_equal(ended, "SUCCEEDED"))
			fail_msg("%s %s: %s, for %s", acts[i].name, when,
				harmed ? harmed : "it says so", acts[i].gain);
		target_close(&target);
	}
}

static void s22_no_hostile_act_of_a_function_succeeds(void **state)
{
	(void)state;
	none_succeeds("when asked", in_function);
}

static void s22_no_hostile_act_of_a_constructor_succeeds(void **state)
{
	(void)state;
	none_succeeds("when loaded", in_constructor);
}

/* ---- Without it ---- */

static void note(const struct kaowu_findings *findings, uint32_t finding, const char *field,
	const char *text)
{
	(void)findings;
	(void)finding;
	(void)field;
	(void)text;
	_exit(1);
}

/* In a process of its own, whose status is 1 if the plugin says that it succeeded. */
static bool says_so_unconfined(struct target *target)
{
	pid_t child = fork();
	if (child == 0) {
		void *library = dlopen(place_fixture(target->place, "acts"), RTLD_NOW);
		const struct kaowu_plugin *plugin = library ? dlsym(library, "kaowu_plugin") : NULL;
		const struct kaowu_form_value value = {"aim", target->place->folder};
		const struct kaowu_form form = {.values = {&value, 1, sizeof(value)}};
		const struct kaowu_findings findings = {note};
		if (plugin)
			plugin->check_form(&form, &findings);
		_exit(plugin ? 0 : 2);
	}
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 2);
	return WEXITSTATUS(status) == 1;
}

static void the_acts_are_real(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(acts); i++) {
		struct target target = {0};
		if (acts[i].kind == ACT_HARM)
			continue;
		target_open(&target, i);
		bool succeeded = says_so_unconfined(&target) || harm(&target);
		print_message("%-24s %s without the sandbox\n", acts[i].name,
			succeeded ? "succeeds" : "fails even");
		if (acts[i].kind == ACT_PROVEN)
			assert_true(succeeded);
		target_close(&target);
	}
}

int main(int argc, char **argv)
{
	place_be_worker(argc, argv);
	signal(SIGUSR1, count_signal);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_acts_are_real),
		cmocka_unit_test(s22_no_hostile_act_of_a_function_succeeds),
		cmocka_unit_test(s22_no_hostile_act_of_a_constructor_succeeds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
