/*
 * Uploaded files in one database: sealed in chunks outside the lock, committed in groups, read beside the writer.
 *
 * The hard thing is the group commit. Whoever wants to write and finds nobody writing becomes the leader: it takes
 * all that wait (up to LIMIT_GROUP_COMMIT, or GROUP_BYTES), writes them in one transaction, and wakes them. While
 * its commit waits for the disk the next group gathers by itself. `writing` is the only right to touch the writer.
 */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "files.h"
#include "migration.h"
#include "store.h"

#define GROUP_BYTES  (32u << 20) /* sealed bytes in one commit; a single file may always go */
#define IDLE_READERS 4           /* connections kept open between reads */
#define SEALED_CHUNK (SEAL_CHUNK + SEAL_CHUNK_EXTRA)

struct put {
	struct put *next;
	const struct file_facts *facts;
	uint32_t key_id;
	struct bytes salt;
	struct bytes sealed;
	bool done;
	enum result result;
	char code[32],
		reason[200]; /* of the commit that failed; every put has an error of its own */
};

struct files {
	char *path;
	const struct keyring *keys;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a group is done, the writer is free */
	struct put *first, **last;
	bool writing;
	int64_t wal_pages;
	struct store *writer;
	struct store *idle_readers[IDLE_READERS];
	size_t idle_count;
};

/* What a row of `file` says. */
struct head {
	struct file_facts facts;
	uint32_t key_id;
	uint8_t salt[SEAL_SALT_SIZE];
};

static enum result create_and_migrate(const char *path, struct store **out, struct error *error)
{
	struct store *writer;
	enum result rc = store_open(path, STORE_CREATE, &writer, error);
	if (rc)
		return rc;

	rc = store_migrate(writer, "files", error);
	if (rc)
		store_close(writer);
	else
		*out = writer;
	return rc;
}

enum result files_open(
	const char *path, const struct keyring *keys, struct files **out, struct error *error)
{
	struct store *writer;
	enum result rc = create_and_migrate(path, &writer, error);
	if (rc)
		return rc;

	struct files *files = calloc(1, sizeof(*files));
	assert(files);
	files->path = strdup(path);
	assert(files->path);
	files->keys = keys;
	files->writer = writer;
	files->last = &files->first;
	pthread_mutex_init(&files->lock, NULL);
	pthread_cond_init(&files->changed, NULL);
	*out = files;
	return OK;
}

void files_close(struct files *files)
{
	if (!files)
		return;

	assert(!files->writing && !files->first);
	while (files->idle_count > 0)
		store_close(files->idle_readers[--files->idle_count]);
	store_close(files->writer);
	pthread_cond_destroy(&files->changed);
	pthread_mutex_destroy(&files->lock);
	free(files->path);
	free(files);
}

/* The right to touch the writer. The lock is held, and held again when it returns. */
static void take_writer(struct files *files)
{
	while (files->writing)
		pthread_cond_wait(&files->changed, &files->lock);
	files->writing = true;
}

static void give_writer(struct files *files)
{
	files->wal_pages = store_wal_pages(files->writer);
	files->writing = false;
	pthread_cond_broadcast(&files->changed);
}

/*
 * A poisoned writer is replaced: what failed is not tried again, what comes next may go well. It is closed only when
 * the next one is open: on a full disk nobody can open a database whose last connection has taken the log's index with
 * it.
 */
static enum result sound_writer(struct files *files, struct error *error)
{
	if (!store_poisoned(files->writer))
		return OK;

	struct store *next;
	enum result rc = store_open(files->path, STORE_WRITE, &next, error);
	if (rc)
		return rc;

	store_close(files->writer);
	files->writer = next;
	return OK;
}

/* In the place of those that are there, if the file is sealed anew. */
static enum result chunks_write(
	struct store *writer, const char *id, struct bytes sealed, struct error *error)
{
	enum result rc = OK;

	for (size_t at = 0, number = 0; !rc && at < sealed.size; at += SEALED_CHUNK, number++) {
		size_t left = sealed.size - at;
		struct bytes chunk =
			bytes_of(sealed.data + at, left < SEALED_CHUNK ? left : SEALED_CHUNK);

		rc = store_run(writer,
			"INSERT INTO chunk (file_id, number, sealed) VALUES (?1, ?2, ?3)"
			" ON CONFLICT (file_id, number) DO UPDATE SET sealed = excluded.sealed",
			BIND(TEXT(id), INTEGER(number), BLOB(chunk)), error);
	}
	return rc;
}

static enum result insert_put(struct store *writer, const struct put *put, struct error *error)
{
	const struct file_facts *facts = put->facts;
	enum result rc = store_run(writer,
		"INSERT INTO file (id, key_id, salt, sha256, size, media_type, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		BIND(TEXT(facts->id), INTEGER(put->key_id), BLOB(put->salt), TEXT(facts->sha256),
			INTEGER(facts->size), TEXT(facts->media_type), INTEGER(clock_now_ms())),
		error);

	return rc ? rc : chunks_write(writer, facts->id, put->sealed, error);
}

static enum result write_group(struct files *files, const struct put *group, struct error *error)
{
	enum result rc = sound_writer(files, error);
	if (rc)
		return rc;

	rc = store_begin(files->writer, error);
	if (rc)
		return rc;

	for (const struct put *put = group; !rc && put; put = put->next)
		rc = insert_put(files->writer, put, error);
	if (!rc)
		return store_commit(files->writer, error);

	store_rollback(files->writer);
	return rc;
}

/* Takes from the head of the queue what goes into one commit. The lock is held. */
static struct put *take_group(struct files *files)
{
	struct put *group = files->first, **end = &files->first;
	size_t bytes = 0;

	for (int count = 0; *end && count < LIMIT_GROUP_COMMIT; count++, end = &(*end)->next) {
		bytes += (*end)->sealed.size;
		if (count > 0 && bytes > GROUP_BYTES)
			break;
	}
	files->first = *end;
	*end = NULL;
	if (!files->first)
		files->last = &files->first;
	return group;
}

/* The puts stand on the stacks of those who wait: none may be touched once the lock is given up. */
static void finish_group(struct put *group, enum result result, const struct error *error)
{
	for (struct put *put = group; put; put = put->next) {
		put->result = result;
		if (result) {
			snprintf(put->code, sizeof(put->code), "%s", error->code);
			snprintf(put->reason, sizeof(put->reason), "%s",
				error->internal ? error->internal : "");
		}
		put->done = true;
	}
}

/* The lock is held, and held again when it returns. */
static void lead_group(struct files *files)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1 << 20);
	struct error error = {.arena = arena};

	files->writing = true;
	struct put *group = take_group(files);
	pthread_mutex_unlock(&files->lock);
	enum result rc = write_group(files, group, &error);
	pthread_mutex_lock(&files->lock);
	finish_group(group, rc, &error);
	give_writer(files);
}

static void put_and_wait(struct files *files, struct put *put)
{
	pthread_mutex_lock(&files->lock);
	*files->last = put;
	files->last = &put->next;
	while (!put->done) {
		if (files->writing)
			pthread_cond_wait(&files->changed, &files->lock);
		else
			lead_group(files);
	}
	pthread_mutex_unlock(&files->lock);
}

static size_t chunk_count(uint64_t size)
{
	return size ? (size_t)((size + SEAL_CHUNK - 1) / SEAL_CHUNK) : 1;
}

/* Plain bytes in that chunk: all but the last are full. */
static size_t chunk_size(uint64_t size, size_t number)
{
	return number + 1 < chunk_count(size) ? SEAL_CHUNK : (size_t)(size - number * SEAL_CHUNK);
}

/*
 * The file's key comes from the stored salt and its id together, so that the rows of one file, put in the place of
 * another's, do not open.
 */
static enum result file_key(const struct keyring *keys, uint32_t key_id,
	const uint8_t salt[SEAL_SALT_SIZE], const char *id, struct file_seal *out,
	struct error *error)
{
	uint8_t both[ID_SIZE - 1 + SEAL_SALT_SIZE], digest[SHA256_SIZE];

	assert(id_valid(id));
	memcpy(both, id, ID_SIZE - 1);
	memcpy(both + ID_SIZE - 1, salt, SEAL_SALT_SIZE);
	sha256(bytes_of(both, sizeof(both)), digest);
	return file_seal_resume(keys, key_id, digest, out, error);
}

static uint8_t *seal_content(
	const struct file_seal *seal, struct bytes content, size_t *sealed_size)
{
	size_t count = chunk_count(content.size);
	uint8_t *sealed = malloc(content.size + count * SEAL_CHUNK_EXTRA);

	assert(sealed);
	for (size_t number = 0; number < count; number++) {
		struct bytes plain = bytes_of(
			content.data ? content.data + number * SEAL_CHUNK : (const uint8_t *)"",
			chunk_size(content.size, number));
		file_seal_chunk(seal, (uint32_t)number, number + 1 == count, plain,
			sealed + number * SEALED_CHUNK);
	}
	*sealed_size = content.size + count * SEAL_CHUNK_EXTRA;
	return sealed;
}

static enum result acceptable(struct bytes content, const char *media_type, struct error *error)
{
	if (content.size > LIMIT_HTTP_BODY) {
		char size[24], limit[24];
		snprintf(size, sizeof(size), "%zu", content.size);
		snprintf(limit, sizeof(limit), "%u", LIMIT_HTTP_BODY);
		return fail(error, TOO_LARGE, "store.file_too_large", "size", size, "limit", limit,
			NULL);
	}
	if (strlen(media_type) >= sizeof(((struct file_facts *)NULL)->media_type))
		return fail(error, UNSUPPORTED, "store.media_type_too_long", NULL);
	return OK;
}

enum result files_put(struct files *files, struct bytes content, const char *media_type,
	struct file_facts *out, struct error *error)
{
	enum result rc = acceptable(content, media_type, error);
	if (rc)
		return rc;

	struct file_facts facts = {.size = content.size};
	id_new(facts.id);
	sha256_hex(content, facts.sha256);
	snprintf(facts.media_type, sizeof(facts.media_type), "%s", media_type);

	struct file_seal fresh, seal;
	file_seal_begin(files->keys, &fresh);
	rc = file_key(files->keys, fresh.key_id, fresh.salt, facts.id, &seal, error);
	if (rc)
		return rc;

	struct put put = {.facts = &facts,
		.key_id = fresh.key_id,
		.salt = bytes_of(fresh.salt, sizeof(fresh.salt))};
	uint8_t *sealed = seal_content(&seal, content, &put.sealed.size);
	put.sealed.data = sealed;
	put_and_wait(files, &put);
	free(sealed);
	if (put.result)
		return trouble(error, put.result, put.code, "%s", put.reason);
	*out = facts;
	return OK;
}

static enum result take_reader(struct files *files, struct store **out, struct error *error)
{
	struct store *reader = NULL;

	pthread_mutex_lock(&files->lock);
	if (files->idle_count > 0)
		reader = files->idle_readers[--files->idle_count];
	pthread_mutex_unlock(&files->lock);
	if (!reader)
		return store_open(files->path, STORE_READ, out, error);
	*out = reader;
	return OK;
}

/* One that met trouble is not used again. */
static void give_reader(struct files *files, struct store *reader, enum result rc)
{
	store_rollback(reader);
	pthread_mutex_lock(&files->lock);
	if (rc != BROKEN && files->idle_count < IDLE_READERS) {
		files->idle_readers[files->idle_count++] = reader;
		reader = NULL;
	}
	pthread_mutex_unlock(&files->lock);
	store_close(reader);
}

static enum result damaged(struct error *error, const char *id, const char *what)
{
	return trouble(error, BROKEN, "store.file_damaged", "file %s: %s", id, what);
}

static enum result read_head_row(const struct cursor *row, const char *id, struct arena *arena,
	struct head *out, struct error *error)
{
	int64_t size = cursor_integer(row, 3);
	struct bytes salt = cursor_blob(row, 1, arena);

	if (salt.size != SEAL_SALT_SIZE || size < 0 || size > (int64_t)LIMIT_HTTP_BODY)
		return damaged(error, id, "its salt or size");

	out->key_id = (uint32_t)cursor_integer(row, 0);
	memcpy(out->salt, salt.data, SEAL_SALT_SIZE);
	out->facts.size = (uint64_t)size;
	snprintf(out->facts.id, sizeof(out->facts.id), "%s", id);
	snprintf(out->facts.sha256, sizeof(out->facts.sha256), "%s", cursor_text(row, 2, arena));
	snprintf(out->facts.media_type, sizeof(out->facts.media_type), "%s",
		cursor_text(row, 4, arena));
	return OK;
}

static enum result read_head(
	struct store *reader, const char *id, struct head *out, struct error *error)
{
	if (!id_valid(id))
		return fail(error, NOT_FOUND, "store.file_absent", NULL);

	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1 << 20);
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(reader, &rows,
		"SELECT key_id, salt, sha256, size, media_type FROM file WHERE id = ?1",
		BIND(TEXT(id)), error);
	if (rc)
		return rc;

	if (cursor_next(&rows))
		return read_head_row(&rows, id, arena, out, error);
	rc = cursor_end(&rows, error);
	return rc ? rc : fail(error, NOT_FOUND, "store.file_absent", NULL);
}

/* The current row is to be that chunk, in its full length; its length is asked for before it is fetched. */
static enum result open_chunk(const struct cursor *row, const struct file_reading *file,
	size_t number, uint8_t *out, struct error *error)
{
	size_t size = chunk_size(file->facts.size, number);
	bool last = number + 1 == chunk_count(file->facts.size);

	if (cursor_integer(row, 0) != (int64_t)number ||
		cursor_integer(row, 1) != (int64_t)(size + SEAL_CHUNK_EXTRA))
		return damaged(error, file->facts.id, "a chunk is missing or cut");
	struct bytes sealed = cursor_peek(row, 2);
	if (sealed.size != size + SEAL_CHUNK_EXTRA) /* a text, which tells its characters */
		return damaged(error, file->facts.id, "a chunk is no blob");
	return file_unseal_chunk(&file->seal, (uint32_t)number, last, sealed, out, error);
}

/* The chunks from `first` to before `end`, and behind the file's last there is none. */
static enum result read_chunks(struct store *reader, const struct file_reading *file, size_t first,
	size_t end, uint8_t *out, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	size_t number = first, beyond = end == chunk_count(file->facts.size);
	enum result rc = store_query(reader, &rows,
		"SELECT number, length(sealed), sealed FROM chunk WHERE file_id = ?1 AND number >= ?2"
		" ORDER BY number LIMIT ?3",
		BIND(TEXT(file->facts.id), INTEGER(first), INTEGER(end - first + beyond)), error);
	if (rc)
		return rc;

	for (; cursor_next(&rows); number++) {
		if (number == end)
			return damaged(error, file->facts.id, "more chunks than its size has");
		rc = open_chunk(&rows, file, number, out + (number - first) * SEAL_CHUNK, error);
		if (rc)
			return rc;
	}
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	return number == end ? OK : damaged(error, file->facts.id, "its last chunks are missing");
}

static enum result read_begin(const struct files *files, struct store *reader, const char *id,
	struct file_reading *out, struct error *error)
{
	struct file_reading file;
	struct head head;
	enum result rc = read_head(reader, id, &head, error);
	if (rc)
		return rc;

	rc = file_key(files->keys, head.key_id, head.salt, id, &file.seal, error);
	if (rc)
		return rc;

	file.facts = head.facts;
	*out = file;
	return OK;
}

enum result files_read(
	struct files *files, const char *id, struct file_reading *out, struct error *error)
{
	struct store *reader;
	enum result rc = take_reader(files, &reader, error);
	if (rc)
		return rc;

	rc = read_begin(files, reader, id, out, error);
	give_reader(files, reader, rc);
	return rc;
}

enum result files_read_part(struct files *files, const struct file_reading *file, uint64_t at,
	uint8_t out[FILES_PART], size_t *size, struct error *error)
{
	size_t count = chunk_count(file->facts.size), first = (size_t)(at / SEAL_CHUNK);
	size_t end =
		first + FILES_PART / SEAL_CHUNK < count ? first + FILES_PART / SEAL_CHUNK : count;
	struct store *reader;
	assert(at % SEAL_CHUNK == 0 && first < count);
	enum result rc = take_reader(files, &reader, error);
	if (rc)
		return rc;

	rc = read_chunks(reader, file, first, end, out, error);
	give_reader(files, reader, rc);
	if (!rc)
		*size = (size_t)(end == count ? file->facts.size - at : FILES_PART);
	return rc;
}

/* In a read transaction, so that a file removed meanwhile is either whole or not there. */
static enum result read_file(const struct files *files, struct store *reader, struct arena *arena,
	const char *id, struct bytes *content, struct error *error)
{
	struct file_reading file;
	enum result rc = store_begin(reader, error);
	if (rc)
		return rc;

	rc = read_begin(files, reader, id, &file, error);
	if (rc)
		return rc;

	uint8_t *plain = arena_alloc(arena, (size_t)file.facts.size + 1);
	rc = read_chunks(reader, &file, 0, chunk_count(file.facts.size), plain, error);
	if (!rc)
		*content = bytes_of(plain, (size_t)file.facts.size);
	return rc;
}

enum result files_get(struct files *files, struct arena *arena, const char *id,
	struct bytes *content, struct error *error)
{
	struct store *reader;
	enum result rc = take_reader(files, &reader, error);
	if (rc)
		return rc;

	rc = read_file(files, reader, arena, id, content, error);
	give_reader(files, reader, rc);
	return rc;
}

static enum result remove_file(struct files *files, const char *id, struct error *error)
{
	enum result rc = sound_writer(files, error);
	if (rc)
		return rc;

	rc = store_run(files->writer, "DELETE FROM file WHERE id = ?1", BIND(TEXT(id)), error);
	if (rc)
		return rc;
	if (store_changes(files->writer) == 0)
		return fail(error, NOT_FOUND, "store.file_absent", NULL);
	return OK;
}

enum result files_remove(struct files *files, const char *id, struct error *error)
{
	pthread_mutex_lock(&files->lock);
	take_writer(files);
	pthread_mutex_unlock(&files->lock);

	enum result rc = remove_file(files, id, error);

	pthread_mutex_lock(&files->lock);
	give_writer(files);
	pthread_mutex_unlock(&files->lock);
	return rc;
}

static enum result write_anew(struct files *files, const char *id, struct bytes content,
	const struct file_seal *fresh, struct error *error)
{
	struct file_seal seal;
	struct bytes sealed;
	enum result rc = file_key(files->keys, fresh->key_id, fresh->salt, id, &seal, error);
	if (rc)
		return rc;

	rc = store_run(files->writer, "UPDATE file SET key_id = ?2, salt = ?3 WHERE id = ?1",
		BIND(TEXT(id), INTEGER(fresh->key_id),
			BLOB(bytes_of(fresh->salt, sizeof(fresh->salt)))),
		error);
	if (rc)
		return rc;

	uint8_t *own = seal_content(&seal, content, &sealed.size);
	sealed.data = own;
	rc = chunks_write(files->writer, id, sealed, error);
	free(own);
	return rc;
}

/* In the writer's transaction. */
static enum result reseal_file(
	struct files *files, struct arena *arena, const char *id, bool *anew, struct error *error)
{
	struct file_reading file;
	struct file_seal fresh;
	struct head head;
	enum result rc = read_head(files->writer, id, &head, error);
	if (rc)
		return rc;

	file_seal_begin(files->keys, &fresh);
	if (head.key_id == fresh.key_id)
		return OK;

	rc = read_begin(files, files->writer, id, &file, error);
	if (rc)
		return rc;

	uint8_t *plain = arena_alloc(arena, (size_t)file.facts.size + 1);
	rc = read_chunks(files->writer, &file, 0, chunk_count(file.facts.size), plain, error);
	if (rc)
		return rc;

	*anew = true;
	return write_anew(files, id, bytes_of(plain, (size_t)file.facts.size), &fresh, error);
}

static enum result reseal_durably(
	struct files *files, const char *id, bool *anew, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(2 * LIMIT_HTTP_BODY);
	enum result rc = sound_writer(files, error);
	if (rc)
		return rc;

	rc = store_begin(files->writer, error);
	if (rc)
		return rc;

	rc = reseal_file(files, arena, id, anew, error);
	if (!rc)
		return store_commit(files->writer, error);

	store_rollback(files->writer);
	return rc;
}

enum result files_reseal(struct files *files, const char *id, bool *anew, struct error *error)
{
	*anew = false;
	pthread_mutex_lock(&files->lock);
	take_writer(files);
	pthread_mutex_unlock(&files->lock);

	enum result rc = reseal_durably(files, id, anew, error);

	pthread_mutex_lock(&files->lock);
	give_writer(files);
	pthread_mutex_unlock(&files->lock);
	return rc;
}

static enum result list_ids(struct store *reader, struct arena *arena, int64_t before_ms,
	json **out, struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(reader, &rows,
		"SELECT id FROM file WHERE created_at < ?1 ORDER BY created_at, id",
		BIND(INTEGER(before_ms)), error);
	if (rc)
		return rc;

	json *ids = json_new_array(arena);
	while (cursor_next(&rows))
		json_append(ids, json_new_text(arena, cursor_text(&rows, 0, arena)));
	rc = cursor_end(&rows, error);
	if (!rc)
		*out = ids;
	return rc;
}

enum result files_list(struct files *files, struct arena *arena, int64_t before_ms, json **out,
	struct error *error)
{
	struct store *reader;
	enum result rc = take_reader(files, &reader, error);
	if (rc)
		return rc;

	rc = list_ids(reader, arena, before_ms, out, error);
	give_reader(files, reader, rc);
	return rc;
}

enum result files_checkpoint(struct files *files, struct error *error)
{
	pthread_mutex_lock(&files->lock);
	bool worth_it = files->wal_pages >= STORE_WAL_PAGES;
	pthread_mutex_unlock(&files->lock);
	if (!worth_it)
		return OK;

	struct store *store;
	enum result rc = store_open(files->path, STORE_WRITE, &store, error);
	if (rc)
		return rc;

	rc = store_checkpoint(store, error);
	store_close(store);
	return rc;
}
