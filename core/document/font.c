/*
 * Finding the two faces, once, loading them when the first text is looked at, and giving each thread a font map of its
 * own.
 *
 * The hard thing is isolation: the machine's fontconfig is asked at most where the two files are; pages are then set
 * from a configuration that holds these files and no rules, so that neither other fonts nor a file in /etc/fonts
 * changes how a ticket looks. To load a file is to read every glyph it has, which costs more than all else that a
 * server does at its start. Where one cannot be loaded, for want of memory or of a descriptor, the next who needs them
 * tries again; what is known of them is there for all threads at once, and read-only.
 */
#include "font.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"
#include "face.h"

#define TOLD_MAX 5 /* characters named in one refusal */

struct loaded {
	FcConfig *config; /* holds the files of the faces and nothing else */
	FcCharSet *characters_of[FACES];
};

static const char *files[FACES]; /* NULL: not installed, or not to be read */
static pthread_once_t found = PTHREAD_ONCE_INIT;
static _Atomic(const struct loaded *) loaded; /* NULL until all faces are */

/* What a configuration knows of the face: the first is as good as any. */
static FcFontSet *face_list(FcConfig *config, const struct face *face, const char *object)
{
	FcPattern *pattern = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, face->family, FC_STYLE,
		FcTypeString, "Regular", (char *)NULL);
	FcObjectSet *wanted = FcObjectSetBuild(object, (char *)NULL);
	FcFontSet *list = FcFontList(config, pattern, wanted);

	FcObjectSetDestroy(wanted);
	FcPatternDestroy(pattern);
	return list;
}

static const char *face_find(FcConfig *machine, const struct face *face)
{
	FcFontSet *list = face_list(machine, face, FC_FILE);
	FcChar8 *file = NULL;

	if (list && list->nfont > 0 &&
		FcPatternGetString(list->fonts[0], FC_FILE, 0, &file) == FcResultMatch)
		file = access((const char *)file, R_OK) == 0 ? FcStrCopy(file) : NULL;
	if (list)
		FcFontSetDestroy(list);
	return (const char *)file;
}

/* Where they usually lie; the machine's fontconfig, which reads through all its folders, is only asked for others. */
static void face_find_all(void)
{
	FcConfig *machine = NULL;

	for (size_t i = 0; i < FACES; i++) {
		files[i] = face_file(&faces[i]);
		if (!files[i] && (machine || (machine = FcInitLoadConfigAndFonts())))
			files[i] = face_find(machine, &faces[i]);
	}
	if (machine)
		FcConfigDestroy(machine);
}

static FcCharSet *face_load(FcConfig *config, const struct face *face, const char *file)
{
	if (!config || !file || !FcConfigAppFontAddFile(config, (const FcChar8 *)file))
		return NULL;

	FcFontSet *list = face_list(config, face, FC_CHARSET);
	FcCharSet *characters = NULL;

	if (list && list->nfont > 0 &&
		FcPatternGetCharSet(list->fonts[0], FC_CHARSET, 0, &characters) == FcResultMatch)
		characters = FcCharSetCopy(characters);
	if (list)
		FcFontSetDestroy(list);
	return characters;
}

/* NULL, or the first that could not be loaded. */
static const struct face *face_load_all(struct loaded *out)
{
	*out = (struct loaded){.config = FcConfigCreate()};
	for (size_t i = 0; i < FACES; i++) {
		out->characters_of[i] = face_load(out->config, &faces[i], files[i]);
		if (!out->characters_of[i])
			return &faces[i];
	}
	return NULL;
}

static void face_drop_all(struct loaded *all)
{
	for (size_t i = 0; i < FACES; i++)
		if (all->characters_of[i])
			FcCharSetDestroy(all->characters_of[i]);
	if (all->config)
		FcConfigDestroy(all->config);
}

const struct face *font_missing(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct loaded all;
	const struct face *missing = NULL;

	if (atomic_load(&loaded))
		return NULL;

	pthread_once(&found, face_find_all);
	pthread_mutex_lock(&lock);
	if (!atomic_load(&loaded)) {
		missing = face_load_all(&all);
		if (missing)
			face_drop_all(&all);
		else
			atomic_store(&loaded, &all);
	}
	pthread_mutex_unlock(&lock);
	return missing;
}

enum result font_find(struct error *error)
{
	pthread_once(&found, face_find_all);

	for (size_t i = 0; i < FACES; i++)
		if (!files[i])
			return face_missing(&faces[i], error);
	return OK;
}

enum result font_check(struct error *error)
{
	const struct face *missing = font_missing();

	return missing ? face_missing(missing, error) : OK;
}

/* What leaves no ink and may move what stands beside it: joiners, hyphens that show at the end of a line only, marks of
 * direction, fillers of syllables, the byte order mark; and the marks that stand for what was lost on the way. The
 * faces have some of them. */
static bool deceives(int32_t character)
{
	static const int32_t ranges[][2] = {{0xAD, 0xAD}, {0x115F, 0x1160}, {0x200B, 0x200F},
		{0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFEFF, 0xFEFF},
		{0xFFA0, 0xFFA0}, {0xFFFC, 0xFFFD}};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if (character >= ranges[i][0] && character <= ranges[i][1])
			return true;
	return false;
}

static bool printable(const struct loaded *all, int32_t character)
{
	if (character == '\n')
		return true;
	if (deceives(character))
		return false;
	for (size_t i = 0; i < FACES; i++)
		if (FcCharSetHasChar(all->characters_of[i], (FcChar32)character))
			return true;
	return false;
}

static bool listed(const int32_t *list, size_t count, int32_t character)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == character)
			return true;
	return false;
}

/* "𠀀 (U+20000)"; what has no picture of its own, or would turn the others round, has its number. */
static void tell(struct buffer *told, const char *start, const char *end, int32_t character)
{
	if (told->size > 0)
		buffer_text(told, "、");
	if (character >= ' ' && character != 0x7F && !deceives(character)) {
		buffer_append(told, start, (size_t)(end - start));
		buffer_text(told, " ");
	}
	buffer_printf(told, "(U+%04X)", (unsigned)character);
}

bool font_covers(struct arena *arena, const char *text, const char **missing)
{
	int32_t named[TOLD_MAX];
	size_t count = 0;
	struct buffer told = buffer_in(arena, 256);

	if (!text || font_missing())
		return true;

	for (const char *start = text; count < TOLD_MAX; start = text) {
		int32_t character = text_next(&text);

		if (character < 0)
			break;
		if (printable(loaded, character) || listed(named, count, character))
			continue;
		named[count++] = character;
		tell(&told, start, text, character);
	}
	if (count == 0)
		return true;

	*missing = told.data;
	return false;
}

struct _PangoFontMap *font_map(void)
{
	static _Thread_local PangoFontMap *map;
	static _Thread_local bool lettered;
	const struct loaded *all = loaded;

	if (lettered)
		return map;

	FcConfig *config = all ? FcConfigReference(all->config) : FcConfigCreate();
	lettered = all != NULL;
	map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
	/* Pango's default for a thread is released with the thread. */
	pango_cairo_font_map_set_default(PANGO_CAIRO_FONT_MAP(map));
	g_object_unref(map);
	if (config)
		FcConfigDestroy(config); /* the map has it */
	return map;
}
