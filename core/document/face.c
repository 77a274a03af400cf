/*
 * The faces by name (face.h), and what the server's side of drawing has besides.
 */
#include "face.h"

#include <stdlib.h>
#include <unistd.h>

#include "worker/sanitized.h"

const struct face faces[FACES] = {
	{"WenQuanYi Micro Hei", "fonts-wqy-microhei",
		"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"},
	{"Noto Sans CJK SC", "fonts-noto-cjk",
		"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"},
};

const char *face_file(const struct face *face)
{
	if (getenv("FONTCONFIG_FILE") || getenv("FONTCONFIG_PATH"))
		return NULL;
	return access(face->usual_file, R_OK) == 0 ? face->usual_file : NULL;
}

enum result face_missing(const struct face *face, struct error *error)
{
	return fail(error, BROKEN, "document.font_missing", "family", face->family, "package",
		face->package, NULL);
}

#if KAOWU_SANITIZED
/*
 * fontconfig links its patterns by offsets, which LeakSanitizer cannot follow, so that the configuration which font.c
 * holds until the end looks lost; and cairo 1.16 loses 768 bytes with each CFF face that it embeds (a rare character's
 * page). Both are theirs. Here, because LeakSanitizer asks the program and not its parts.
 */
extern const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libcairo\n";
}
#endif
