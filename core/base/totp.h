/*
 * A second factor: codes by time (RFC 6238: SHA-1, six digits, 30 seconds, what every authenticator app takes), and
 * recovery codes for whoever has lost the phone.
 *
 * Pure: who keeps the secret, the newest step used and the hashes of recovery codes is the caller's business. Any
 * thread.
 */
#ifndef KAOWU_BASE_TOTP_H
#define KAOWU_BASE_TOTP_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

#define TOTP_SECRET_SIZE 20 /* as RFC 4226 wants it: as long as the hash */
#define TOTP_DIGITS      6
#define TOTP_STEP_MS     30000
#define TOTP_WINDOW      1 /* steps before and after: clocks go wrong, and typing takes time */

/* The code of a step: moment / TOTP_STEP_MS. Ends in NUL. */
void totp_code(const uint8_t secret[TOTP_SECRET_SIZE], int64_t step, char out[TOTP_DIGITS + 1]);

/* The step that this code belongs to, at this moment, among those later than `used`; 0 if to none. Compares every step
 * of the window in constant time. A caller that takes the code writes the step down as used. */
int64_t totp_match(
	const uint8_t secret[TOTP_SECRET_SIZE], const char *code, int64_t now_ms, int64_t used);

/* The secret as one types it: base32 without padding, 32 characters. */
char *totp_secret_text(struct arena *arena, const uint8_t secret[TOTP_SECRET_SIZE]);

/* What the QR code says: otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER */
char *totp_uri(struct arena *arena, const char *issuer, const char *account,
	const uint8_t secret[TOTP_SECRET_SIZE]);

/* "k7dq-2mfa-...": 120 random bits, so that a plain keyed hash of it is enough to keep. */
#define RECOVERY_CODES 10
char *recovery_code_create(struct arena *arena);
/* As it is hashed: lower case, without blanks and dashes; NULL if it cannot be one. */
char *recovery_code_normalise(struct arena *arena, const char *typed);

#endif
