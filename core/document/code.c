/*
 * Drawing QR codes and Code 128 barcodes.
 *
 * Code 128 (ISO/IEC 15417): each symbol is six widths, bar and space in turn, eleven modules in all. Digits go two to a
 * symbol in set C, everything else stands in set B; the check symbol is a weighted sum modulo 103.
 */
#include "code.h"

#include <errno.h>
#include <qrencode.h>
#include <stdint.h>
#include <string.h>

#define QR_QUIET     4  /* modules around a QR code */
#define BAR_QUIET    10 /* modules beside a barcode */
#define BAR_MODULES  11
#define BAR_TEXT_MAX 40
/* Start, the text, a switch of sets at each end of each run of digits, check; the stop is drawn apart. */
#define BAR_SYMBOLS_MAX (2 * BAR_TEXT_MAX + 3)

enum bar_symbol { BAR_C = 99, BAR_B = 100, BAR_START_B = 104, BAR_START_C = 105 };

/* Widths of bar, space, bar, space, bar, space by symbol value. */
static const char bar_widths[][7] = {"212222", "222122", "222221", "121223", "121322", "131222",
	"122213", "122312", "132212", "221213", "221312", "231212", "112232", "122132", "122231",
	"113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
	"311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
	"111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311",
	"112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331", "231131",
	"213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
	"314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221",
	"112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111",
	"241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212",
	"421112", "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
	"114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214",
	"211232"};
static const char bar_stop[] = "2331112";

/* QR */

enum result code_draw_qr(struct page *page, struct box box, const char *text, struct error *error)
{
	QRcode *qr = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (!qr)
		return trouble(error, BROKEN, "document.code", "qrencode: errno %d", errno);

	double module = box.width / (qr->width + 2 * QR_QUIET);

	page_modules(page,
		(struct box){box.x + QR_QUIET * module, box.y + QR_QUIET * module,
			qr->width * module, qr->width * module},
		qr->data, (unsigned)qr->width);
	QRcode_free(qr);
	return OK;
}

/* Code 128 */

static size_t digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

/* Is it shorter to write the digits here in set C? Two symbols are saved by four at either end, by six inside. */
static bool worth_pairing(const char *text, const char *at)
{
	size_t count = digits_at(at);
	bool edge = at == text || at[count] == '\0';

	return count >= (edge ? 4u : 6u) || (at == text && count == 2 && at[2] == '\0');
}

static unsigned pair(const char *at)
{
	return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

/* Start, switches and text as symbol values. In set B an odd first digit stays where it is. */
static size_t bar_encode(const char *text, unsigned out[BAR_SYMBOLS_MAX])
{
	bool paired = worth_pairing(text, text) && digits_at(text) % 2 == 0;
	size_t count = 0;

	out[count++] = paired ? BAR_START_C : BAR_START_B;
	for (const char *at = text; *at;) {
		if (paired && digits_at(at) < 2) {
			out[count++] = BAR_B;
			paired = false;
		} else if (!paired && digits_at(at) % 2 == 0 && worth_pairing(text, at)) {
			out[count++] = BAR_C;
			paired = true;
		}
		if (paired) {
			out[count++] = pair(at);
			at += 2;
		} else {
			out[count++] = (unsigned)(*at++ - ' ');
		}
	}
	return count;
}

static unsigned bar_check(const unsigned *symbols, size_t count)
{
	unsigned sum = symbols[0];

	for (unsigned i = 1; i < count; i++)
		sum += i * symbols[i];
	return sum % 103;
}

/* Adds the bars of one symbol; returns where the next begins. */
static double bar_add(const char *widths, double module, double x, struct box area, struct box *out,
	size_t *count)
{
	for (size_t i = 0; widths[i]; i++) {
		double width = (widths[i] - '0') * module;

		if (i % 2 == 0)
			out[(*count)++] = (struct box){x, area.y, width, area.height};
		x += width;
	}
	return x;
}

static bool printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

enum result code_draw_128(struct page *page, struct box box, const char *text, struct error *error)
{
	unsigned symbols[BAR_SYMBOLS_MAX];
	struct box bars[3 * BAR_SYMBOLS_MAX + 4];
	size_t count, bar_count = 0;
	double module, x;

	if (!*text || strlen(text) > BAR_TEXT_MAX || !printable(text))
		return trouble(error, BROKEN, "document.code", "not for Code 128: %zu bytes",
			strlen(text));

	count = bar_encode(text, symbols);
	symbols[count] = bar_check(symbols, count);
	count++;
	module = box.width / (double)(BAR_MODULES * count + 13 + 2 * BAR_QUIET);
	x = box.x + BAR_QUIET * module;
	for (size_t i = 0; i < count; i++)
		x = bar_add(bar_widths[symbols[i]], module, x, box, bars, &bar_count);
	bar_add(bar_stop, module, x, box, bars, &bar_count);
	page_fill(page, bars, bar_count, INK_BLACK);
	return OK;
}
