/*
 * SHA-256, HMAC-SHA-256 and HKDF-SHA-256, by OpenSSL.
 */
#ifndef KAOWU_BASE_DIGEST_H
#define KAOWU_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

#define SHA256_SIZE     32
#define SHA256_HEX_SIZE 65 /* 64 characters and the NUL */

void sha256(struct bytes data, uint8_t out[SHA256_SIZE]);
void sha256_hex(struct bytes data, char out[SHA256_HEX_SIZE]);
void hmac_sha256(struct bytes key, struct bytes data, uint8_t out[SHA256_SIZE]);
void hkdf_sha256(struct bytes key, struct bytes salt, const char *info, uint8_t *out, size_t size);

/* Broken for signatures; what others still check downloads by. */
#define SHA1_HEX_SIZE 41
void sha1_hex(struct bytes data, char out[SHA1_HEX_SIZE]);
/* As a keyed hash it is not broken, and codes by time are made with nothing else (totp.h). */
#define SHA1_SIZE 20
void hmac_sha1(struct bytes key, struct bytes data, uint8_t out[SHA1_SIZE]);

/* Whole files and streams. */
struct sha256_stream;
struct sha256_stream *sha256_begin(void);
void sha256_more(struct sha256_stream *stream, struct bytes data);
void sha256_end(struct sha256_stream *stream, uint8_t out[SHA256_SIZE]); /* frees it */
int sha256_file(const char *path, char out[SHA256_HEX_SIZE]);            /* 0, or -1 with errno */

bool equal_in_constant_time(const void *left, const void *right, size_t size);

#endif
