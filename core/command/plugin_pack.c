/*
 * `kaowu plugin key` and `pack`: an author's pair of keys, and the signed package for an operator. What is packed has
 * passed the check.
 */
#include "plugin_command.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/signature.h"
#include "base/text.h"
#include "plugin/plugin_check.h"
#include "plugin/plugin_package.h"

/* ---- Files ---- */

bool file_create(const char *path, struct bytes content, unsigned mode)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	bool good = file >= 0 && file_write_all(file, content) && fsync(file) == 0;
	int failure = errno;

	if (file >= 0)
		close(file);
	if (!good) {
		command_say(stderr, "kit.not_written", "path", path, "reason",
			strerrordesc_np(failure), NULL);
		if (file >= 0)
			(void)unlink(path);
	}
	return good;
}

/* ---- Keys ---- */

static bool pair_load(struct arena *arena, const char *path, struct signature_pair *out)
{
	struct error error = {.arena = arena};
	struct bytes text;

	if (file_read(arena, path, 4096, &text, &error))
		return !command_failed(path, &error);
	if (signature_pair_parse((const char *)text.data, out))
		return true;
	(void)fail(&error, INVALID, "kit.not_a_secret", NULL);
	return !command_failed(path, &error);
}

static bool pair_make(struct arena *arena, const char *path, struct signature_pair *out)
{
	signature_pair_create(out);
	const char *text = arena_printf(arena, "%s\n", signature_pair_text(arena, out));
	return file_create(path, bytes_of(text, strlen(text)), 0600);
}

int plugin_key_command(int count, char **words)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct signature_pair pair;

	if (count != 1 || subjects_count(count, words) != 1)
		return USED_WRONGLY;
	bool there = access(words[0], F_OK) == 0;
	if (!(there ? pair_load : pair_make)(arena, words[0], &pair))
		return 1;
	if (!there)
		command_say(stderr, "kit.key_made", "path", words[0], NULL);
	(void)printf("%s\n", signature_key_text(arena, pair.public_key));
	return 0;
}

/* ---- Packing ---- */

struct packing {
	struct arena *arena;
	const char *plugin, *readme, *out;
	const struct signature_pair *pair; /* NULL: not to be signed */
	struct error error;
};

/* README.md beside the plugin, unless another is named. */
static const char *readme_path(struct arena *arena, const char *plugin, const char *given)
{
	const char *slash = strrchr(plugin, '/');
	int length = slash ? (int)(slash - plugin) + 1 : 0;

	return given ? given : arena_printf(arena, "%.*sREADME.md", length, plugin);
}

/* The same plugin gives the same package: its moment is the file's. */
static int64_t made_at(const char *path)
{
	struct stat status;

	return stat(path, &status) ? clock_now_ms() : (int64_t)status.st_mtim.tv_sec * 1000;
}

static enum result contents_gather(
	struct packing *packing, struct plugin_source *source, struct plugin_contents *contents)
{
	struct plugin_process_settings settings = plugin_process_here();
	enum result rc =
		plugin_source_open(packing->arena, packing->plugin, source, &packing->error);

	rc = rc ? rc
		: plugin_check(&settings, packing->arena, source, NULL, &contents->manifest,
			  &packing->error);
	rc = rc ? rc
		: file_read(packing->arena, packing->readme, LIMIT_PLUGIN_README, &contents->readme,
			  &packing->error);
	contents->shared_object = source->shared_object;
	return rc;
}

static int pack(struct packing *packing)
{
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct plugin_contents contents;
	struct bytes package;
	enum result rc = contents_gather(packing, &source, &contents);

	rc = rc ? rc
		: plugin_package_build(packing->arena, &contents, packing->pair,
			  made_at(packing->plugin), &package, &packing->error);
	if (rc)
		return plugin_failed(packing->plugin, &packing->error);
	if (!packing->out)
		packing->out = arena_printf(packing->arena, "%s-%s.kaowu",
			json_get_text(contents.manifest, "id"),
			json_get_text(contents.manifest, "version"));
	if (!file_create(packing->out, package, 0644))
		return 1;
	(void)printf("%s\n", packing->out);
	return 0;
}

int plugin_pack_command(int count, char **words)
{
	static const char *const options[] = {"--key=", "--unsigned", "--readme=", "--out=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	const char *key = option(count, words, "--key");
	struct signature_pair pair;

	if (subjects_count(count, words) != 1 ||
		!key == !option_given(count, words, "--unsigned") ||
		!options_known("plugin pack", count - 1, words + 1, options))
		return USED_WRONGLY;
	if (key && !pair_load(arena, key, &pair))
		return 1;
	struct packing packing = {.arena = arena,
		.plugin = words[0],
		.readme = readme_path(arena, words[0], option(count, words, "--readme")),
		.out = option(count, words, "--out"),
		.pair = key ? &pair : NULL,
		.error = {.arena = arena}};
	return pack(&packing);
}
