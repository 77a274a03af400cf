/*
 * The peer: a thread that accepts, a thread for each connection. A connection that hangs ends when the other side
 * closes it.
 */
#include "peer.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define REQUEST_MOST 65536
#define LONG_ANSWER  (10 << 20)

struct peer {
	SSL_CTX *tls;
	int listener;
	uint16_t port;
	char ca_file[64];
	pthread_t thread;
	atomic_uint requests, connections, open;
};

struct guest {
	struct peer *peer;
	int socket;
};

/* ---- Certificates ---- */

static void extend(X509 *certificate, int what, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, what, value);

	assert(extension && X509_add_ext(certificate, extension, -1));
	X509_EXTENSION_free(extension);
}

static X509 *certificate_create(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *signer)
{
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer ? 2 : 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(
		subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : subject);
	X509_set_pubkey(certificate, key);
	extend(certificate, NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
	assert(X509_sign(certificate, signer, EVP_sha256()));
	return certificate;
}

static void ca_write(struct peer *peer, X509 *ca)
{
	FILE *file;

	(void)snprintf(peer->ca_file, sizeof(peer->ca_file), "/tmp/kaowu-peer-XXXXXX");
	file = fdopen(mkstemp(peer->ca_file), "w");
	assert(file && PEM_write_X509(file, ca));
	(void)fclose(file);
}

static void tls_create(struct peer *peer, const char *name)
{
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	X509 *ca = certificate_create("kaowu test CA", ca_key, NULL, ca_key);
	X509 *leaf = certificate_create(name, key, ca, ca_key);
	char alternative[80];

	(void)snprintf(alternative, sizeof(alternative), "%s:%s",
		strspn(name, "0123456789.") == strlen(name) ? "IP" : "DNS", name);
	extend(leaf, NID_subject_alt_name, alternative);
	assert(X509_sign(leaf, ca_key, EVP_sha256()));
	ca_write(peer, ca);

	peer->tls = SSL_CTX_new(TLS_server_method());
	assert(SSL_CTX_use_certificate(peer->tls, leaf) && SSL_CTX_use_PrivateKey(peer->tls, key));
	X509_free(ca);
	X509_free(leaf);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
}

/* ---- What it does ---- */

static void say(SSL *tls, const char *data, size_t size)
{
	if (size > 0)
		(void)SSL_write(tls, data, (int)size);
}

static void wait_for_leave(SSL *tls)
{
	char byte;

	while (SSL_read(tls, &byte, 1) > 0)
		;
}

static void say_long(SSL *tls)
{
	char *data = malloc(LONG_ANSWER);
	char head[64];

	assert(data);
	memset(data, 'a', LONG_ANSWER);
	(void)snprintf(
		head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", LONG_ANSWER);
	say(tls, head, strlen(head));
	say(tls, data, LONG_ANSWER);
	free(data);
}

static void say_many(SSL *tls)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n", header[] = "X-Many: one\r\n";

	say(tls, head, strlen(head));
	for (int i = 0; i < 1000; i++)
		say(tls, header, strlen(header));
	say(tls, "Content-Length: 0\r\n\r\n", 21);
}

static void say_back(SSL *tls, const char *request, size_t size)
{
	char head[128];

	(void)snprintf(head, sizeof(head),
		"HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nX-Peer:  seen \r\n\r\n", size);
	say(tls, head, strlen(head));
	say(tls, request, size);
}

/* A reset, seen from the other side. */
static void reset(int socket)
{
	struct linger now = {1, 0};

	(void)setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void answer(SSL *tls, int socket, const char *request, size_t size)
{
	static const char moved[] =
		"HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n";
	static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
	const char *path = strchr(request, ' ') + 1;

	if (strncmp(path, "/moved ", 7) == 0)
		say(tls, moved, strlen(moved));
	else if (strncmp(path, "/reset ", 7) == 0)
		reset(socket);
	else if (strncmp(path, "/long ", 6) == 0)
		say_long(tls);
	else if (strncmp(path, "/many ", 6) == 0)
		say_many(tls);
	else if (strncmp(path, "/half ", 6) == 0)
		say(tls, half, strlen(half));
	else if (strncmp(path, "/hang ", 6) != 0)
		say_back(tls, request, size);
	if (strncmp(path, "/h", 2) == 0)
		wait_for_leave(tls);
}

/* Head and body, ended by a NUL. */
static size_t request_read(SSL *tls, char *request)
{
	size_t size = 0, whole = 0;

	while ((whole == 0 || size < whole) && size + 1 < REQUEST_MOST) {
		int got = SSL_read(tls, request + size, (int)(REQUEST_MOST - 1 - size));

		if (got <= 0)
			return 0;
		size += (size_t)got;
		request[size] = '\0';
		const char *end = strstr(request, "\r\n\r\n");
		const char *length = strstr(request, "Content-Length: ");
		if (end)
			whole = (size_t)(end - request) + 4 +
				(length ? strtoul(length + 16, NULL, 10) : 0);
	}
	return size;
}

static void *serve(void *argument)
{
	struct guest guest = *(struct guest *)argument;
	SSL *tls = SSL_new(guest.peer->tls);
	char *request = malloc(REQUEST_MOST);
	size_t size;

	free(argument);
	SSL_set_fd(tls, guest.socket);
	if (request && SSL_accept(tls) == 1 && (size = request_read(tls, request)) > 0) {
		atomic_fetch_add(&guest.peer->requests, 1);
		answer(tls, guest.socket, request, size);
	}
	SSL_free(tls);
	free(request);
	(void)close(guest.socket);
	atomic_fetch_sub(&guest.peer->open, 1);
	return NULL;
}

static void *accept_all(void *argument)
{
	struct peer *peer = argument;
	int socket;

	while ((socket = accept(peer->listener, NULL, NULL)) >= 0) {
		atomic_fetch_add(&peer->connections, 1);
		struct guest *guest = malloc(sizeof(*guest));
		pthread_t thread;

		assert(guest);
		atomic_fetch_add(&peer->open, 1);
		*guest = (struct guest){peer, socket};
		assert(pthread_create(&thread, NULL, serve, guest) == 0);
		(void)pthread_detach(thread);
	}
	return NULL;
}

struct peer *peer_start(const char *name)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(address);

	assert(peer);
	tls_create(peer, name);
	peer->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert(bind(peer->listener, (struct sockaddr *)&address, sizeof(address)) == 0);
	assert(listen(peer->listener, 128) == 0);
	assert(getsockname(peer->listener, (struct sockaddr *)&address, &size) == 0);
	peer->port = ntohs(address.sin_port);
	assert(pthread_create(&peer->thread, NULL, accept_all, peer) == 0);
	return peer;
}

uint16_t peer_port(const struct peer *peer)
{
	return peer->port;
}

const char *peer_ca_file(const struct peer *peer)
{
	return peer->ca_file;
}

unsigned peer_connections(const struct peer *peer)
{
	return atomic_load(&peer->connections);
}

unsigned peer_requests(const struct peer *peer)
{
	return atomic_load(&peer->requests);
}

void peer_stop(struct peer *peer)
{
	(void)shutdown(peer->listener, SHUT_RDWR);
	(void)pthread_join(peer->thread, NULL);
	while (atomic_load(&peer->open) > 0)
		(void)usleep(1000);
	(void)close(peer->listener);
	(void)unlink(peer->ca_file);
	SSL_CTX_free(peer->tls);
	free(peer);
}
