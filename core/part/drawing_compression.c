/*
 * How hard Cairo compresses a PDF. It has no option for that and asks zlib for its default, by deflateInit(). That is
 * answered here, before zlib, with zlib's quickest way: outlines of glyphs hardly repeat, so that looking for what does
 * is most of the work and saves a fifth. A ticket takes half of its time, and 45 KB instead of 33.
 *
 * Of the libraries in this process Cairo alone calls it: libzip and libxlsxwriter say what they want by deflateInit2().
 * The name must be shown to libraries that are loaded later (CMakeLists.txt), or they would find zlib's own; a test
 * looks at tickets for that (tests/http/way.test.mjs).
 */
#include <zlib.h>

__attribute__((visibility("default"))) int deflateInit_(
	z_streamp stream, int level, const char *version, int stream_size)
{
	const int memory = 8; /* zlib's default, which no header names */

	(void)level;
	return deflateInit2_(stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS, memory, Z_HUFFMAN_ONLY,
		version, stream_size);
}
