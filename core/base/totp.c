/*
 * Codes by time, and recovery codes. Truncation is RFC 4226's: four bytes from where the last nibble says.
 */
#include "totp.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "digest.h"
#include "id.h"

#define CODE_MODULUS   1000000u
#define RECOVERY_BYTES 15
#define RECOVERY_CHARS 24 /* RECOVERY_BYTES in base32 */
#define RECOVERY_GROUP 4

void totp_code(const uint8_t secret[TOTP_SECRET_SIZE], int64_t step, char out[TOTP_DIGITS + 1])
{
	uint8_t counter[8], digest[SHA1_SIZE];

	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	hmac_sha1(bytes_of(secret, TOTP_SECRET_SIZE), bytes_of(counter, sizeof(counter)), digest);

	const uint8_t *at = digest + (digest[SHA1_SIZE - 1] & 0x0f);
	uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 |
			  (uint32_t)at[2] << 8 | at[3];
	(void)snprintf(out, TOTP_DIGITS + 1, "%06u", (unsigned)(number % CODE_MODULUS));
}

int64_t totp_match(
	const uint8_t secret[TOTP_SECRET_SIZE], const char *code, int64_t now_ms, int64_t used)
{
	int64_t now = now_ms / TOTP_STEP_MS, found = 0;
	char expected[TOTP_DIGITS + 1];

	if (strlen(code) != TOTP_DIGITS)
		return 0;
	for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
		totp_code(secret, step, expected);
		bool equal = equal_in_constant_time(expected, code, TOTP_DIGITS);

		if (equal && step > used)
			found = step;
	}
	return found;
}

/* RFC 4648, for sizes that need no padding: multiples of five. */
static char *base32(struct arena *arena, const uint8_t *bytes, size_t size, const char alphabet[33])
{
	char *text = arena_alloc(arena, size / 5 * 8 + 1), *out = text;

	for (size_t i = 0; i < size; i += 5) {
		uint64_t group = 0;

		for (size_t j = 0; j < 5; j++)
			group = group << 8 | bytes[i + j];
		for (int shift = 35; shift >= 0; shift -= 5)
			*out++ = alphabet[group >> shift & 31];
	}
	*out = '\0';
	return text;
}

char *totp_secret_text(struct arena *arena, const uint8_t secret[TOTP_SECRET_SIZE])
{
	return base32(arena, secret, TOTP_SECRET_SIZE, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

char *totp_uri(struct arena *arena, const char *issuer, const char *account,
	const uint8_t secret[TOTP_SECRET_SIZE])
{
	const char *from = percent_encode(arena, issuer);

	return arena_printf(arena, "otpauth://totp/%s:%s?secret=%s&issuer=%s", from,
		percent_encode(arena, account), totp_secret_text(arena, secret), from);
}

char *recovery_code_create(struct arena *arena)
{
	uint8_t random[RECOVERY_BYTES];
	char *code = arena_alloc(arena, RECOVERY_CHARS + RECOVERY_CHARS / RECOVERY_GROUP);
	char *out = code;

	random_bytes(random, sizeof(random));
	const char *text =
		base32(arena, random, sizeof(random), "abcdefghijklmnopqrstuvwxyz234567");
	for (size_t i = 0; i < RECOVERY_CHARS; i++) {
		if (i > 0 && i % RECOVERY_GROUP == 0)
			*out++ = '-';
		*out++ = text[i];
	}
	*out = '\0';
	return code;
}

char *recovery_code_normalise(struct arena *arena, const char *typed)
{
	char *code = arena_alloc(arena, RECOVERY_CHARS + 1);
	size_t count = 0;

	for (; *typed; typed++) {
		unsigned char byte = (unsigned char)*typed;

		if (byte == '-' || byte == ' ')
			continue;
		if (byte >= 0x80 || !isalnum(byte) || count == RECOVERY_CHARS)
			return NULL;
		code[count++] = (char)tolower(byte);
	}
	code[count] = '\0';
	return count == RECOVERY_CHARS ? code : NULL;
}
