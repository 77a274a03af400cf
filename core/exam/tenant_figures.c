/*
 * One query, and the sizes of files (tenant_figures.h).
 */
#include "tenant_figures.h"

#include <dirent.h>
#include <sys/stat.h>

#include "deployment.h"

static int64_t file_size(struct arena *arena, const char *folder, const char *name)
{
	struct stat facts;

	return stat(arena_printf(arena, "%s/%s", folder, name), &facts) ? 0 : facts.st_size;
}

static int64_t folder_size(struct arena *arena, const char *folder)
{
	DIR *entries = opendir(folder);
	int64_t size = 0;

	if (!entries)
		return 0;
	for (const struct dirent *entry; (entry = readdir(entries));) {
		if (entry->d_name[0] != '.')
			size += file_size(arena, folder, entry->d_name);
	}
	(void)closedir(entries);
	return size;
}

json *tenant_sizes(struct arena *arena, const char *data_folder, const char *slug)
{
	const char *folder = arena_printf(arena, "%s/tenants/%s", data_folder, slug);
	json *sizes = json_new_object(arena);

	json_set_integer(arena, sizes, "database_bytes",
		file_size(arena, folder, "tenant.db") + file_size(arena, folder, "tenant.db-wal"));
	json_set_integer(arena, sizes, "files_bytes",
		folder_size(arena, arena_printf(arena, "%s/files", folder)));
	return sizes;
}

static enum result figures_read(struct transaction *tx, struct store *db, json **out)
{
	json *figures;
	enum result rc = store_object(db, tx->arena,
		"SELECT (SELECT value FROM setting WHERE key = 'profile') AS \"profile{}\","
		" (SELECT COUNT(*) FROM plan WHERE state = 'published') AS plans,"
		" (SELECT COUNT(*) FROM application) AS applications,"
		" (SELECT COUNT(*) FROM account WHERE kind = 'candidate') AS candidates,"
		" (SELECT COUNT(*) FROM account WHERE kind = 'staff' AND state = 'active') AS staff,"
		" (SELECT COUNT(*) FROM session WHERE expires_at > ?1) AS sessions,"
		" (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') AS messages_waiting,"
		" (SELECT MIN(created_at) FROM outbox WHERE state = 'waiting')"
		" AS \"messages_oldest_at@\","
		" (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS messages_dead,"
		" (SELECT happened_at FROM audit ORDER BY sequence DESC LIMIT 1) AS \"acted_at@\"",
		BIND(INTEGER(tx->now)), &figures, tx->error);

	if (rc)
		return rc;
	json_set_text(
		tx->arena, figures, "name", json_get_text(json_get(figures, "profile"), "name"));
	json_remove(figures, "profile");
	*out = figures;
	return OK;
}

enum result tenant_figures(struct transaction *tx, const char *slug, json **out)
{
	struct store *db CLEANUP(store_close_at) = NULL;
	enum result rc = tenant_look(tx->deployment->data_folder, slug, &db, tx->error);

	return rc ? rc : figures_read(tx, db, out);
}
