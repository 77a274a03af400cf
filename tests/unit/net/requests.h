/*
 * Raw requests and what becomes of them, for the tests of the reader (cut at every byte) and of the server (over a
 * socket). Both read them with the limits below.
 */
#ifndef TEST_NET_REQUESTS_H
#define TEST_NET_REQUESTS_H

#include <stddef.h>

#include "net/http.h"

static const struct http_limits request_limits = {
	.target = 64,
	.headers = 300,
	.header_count = 8,
	.body_memory = 65536,
	.body = 100,
};

struct request {
	const char *what;
	const char *bytes;
	size_t size;
	int status;
	const char *code; /* of the refusal */
};

#define ACCEPTED(what, bytes)                                                                      \
	{                                                                                          \
		what, bytes, sizeof(bytes) - 1, 200, NULL                                          \
	}
#define REFUSED(what, bytes, status, code)                                                         \
	{                                                                                          \
		what, bytes, sizeof(bytes) - 1, status, code                                       \
	}

#define HOST    "Host: a.test\r\n"
#define GET     "GET / HTTP/1.1\r\n" HOST
#define POST    "POST / HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define TEN     "0123456789"

static const struct request requests[] = {
	ACCEPTED("the least", GET "\r\n"),
	ACCEPTED("an empty line before", "\r\n" GET "\r\n"),
	ACCEPTED("a header without a value", GET "X-Empty:\r\n\r\n"),
	ACCEPTED("white space around a value", GET "X-Wide: \t wide \t \r\n\r\n"),
	ACCEPTED("bytes over 0x7f in a value", GET "X-Old: caf\xe9\r\n\r\n"),
	ACCEPTED("a list in two headers", GET "Accept: a/b\r\nACCEPT: c/d\r\n\r\n"),
	ACCEPTED("path and query", "GET /t/a%20b/?x=1&y=%E8%80%83 HTTP/1.1\r\n" HOST "\r\n"),
	ACCEPTED("a path in UTF-8", "GET /%E8%80%83%E5%8A%A1 HTTP/1.1\r\n" HOST "\r\n"),
	ACCEPTED("an absolute target", "GET http://A.test/x HTTP/1.1\r\n" HOST "\r\n"),
	ACCEPTED("an absolute target of a host alone",
		"GET http://a.test?q HTTP/1.1\r\n" HOST "\r\n"),
	ACCEPTED("OPTIONS *", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
	ACCEPTED("a host with a port", "GET / HTTP/1.1\r\nHost: a.test:8080\r\n\r\n"),
	ACCEPTED("a host by IPv6", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
	ACCEPTED("no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"),
	ACCEPTED("a counted body", POST "Content-Length: 5\r\n\r\nhello"),
	ACCEPTED("a counted body of nothing", POST "Content-Length: 0\r\n\r\n"),
	ACCEPTED("GET with a body", GET "Content-Length: 2\r\n\r\nhi"),
	ACCEPTED("chunks", CHUNKED "5\r\nhello\r\nA\r\n" TEN "\r\n0\r\n\r\n"),
	ACCEPTED("Chunked by another spelling", POST "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"),
	ACCEPTED("a chunk with an extension", CHUNKED "5;a=\"b\"\r\nhello\r\n000\r\n\r\n"),
	ACCEPTED("trailers, which are dropped", CHUNKED "1\r\nx\r\n0\r\nHost: b\r\nX-T: 1\r\n\r\n"),
	ACCEPTED("an upgrade, which is ignored", GET "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
	ACCEPTED("a target of the size allowed",
		"GET /123456789012345678901234567890123456789012345678901234567890123 HTTP/1.1\r\n" HOST
		"\r\n"),

	REFUSED("bytes that are no HTTP", "\x16\x03\x01\x02\x00", 400, "http.request_line"),
	REFUSED("two empty lines before", "\r\n\r\n" GET "\r\n", 400, "http.request_line"),
	REFUSED("two spaces behind the method", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.request_line"),
	REFUSED("two spaces before the version", "GET /  HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.request_line"),
	REFUSED("a space behind the version", "GET / HTTP/1.1 \r\n" HOST "\r\n", 400,
		"http.request_line"),
	REFUSED("a tab in the request line", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.request_line"),
	REFUSED("HTTP/0.9", "GET /\r\n\r\n", 400, "http.request_line"),
	REFUSED("a method with a slash", "G/T / HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.request_line"),
	REFUSED("a version in small letters", "GET / http/1.1\r\n" HOST "\r\n", 400,
		"http.request_line"),
	REFUSED("another protocol", "OPTIONS * RTSP/1.0\r\n" HOST "\r\n", 400, "http.request_line"),
	REFUSED("a long version", "GET / HTTP/1.10\r\n" HOST "\r\n", 400, "http.request_line"),
	REFUSED("HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.version"),
	REFUSED("HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 505, "http.version"),
	REFUSED("an unknown method", "FETCH / HTTP/1.1\r\n" HOST "\r\n", 501, "http.method"),
	REFUSED("a method in small letters", "get / HTTP/1.1\r\n" HOST "\r\n", 501, "http.method"),
	REFUSED("a method of RTSP", "DESCRIBE / HTTP/1.1\r\n" HOST "\r\n", 501, "http.method"),
	REFUSED("CONNECT", "CONNECT a.test:443 HTTP/1.1\r\n" HOST "\r\n", 501, "http.method"),

	REFUSED("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400, "http.line_end"),
	REFUSED("bare LF behind a header", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400,
		"http.line_end"),
	REFUSED("bare LF at the end", GET "\n", 400, "http.line_end"),
	REFUSED("bare LF first", "\n" GET "\r\n", 400, "http.line_end"),
	REFUSED("bare CR in a value", GET "X: a\rY: b\r\n\r\n", 400, "http.line_end"),
	REFUSED("two CR", GET "X: a\r\r\n\r\n", 400, "http.line_end"),
	REFUSED("a folded header", GET "X: a\r\n b\r\n\r\n", 400, "http.folded_header"),
	REFUSED("a first header that is folded", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", 400,
		"http.folded_header"),
	REFUSED("a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400,
		"http.header"),
	REFUSED("a space in a name", GET "X Y: a\r\n\r\n", 400, "http.header"),
	REFUSED("no name", GET ": a\r\n\r\n", 400, "http.header"),
	REFUSED("no colon", GET "X\r\n\r\n", 400, "http.header"),
	REFUSED("NUL in a name", GET "X\0Y: a\r\n\r\n", 400, "http.header"),
	REFUSED("NUL in a value", GET "X: a\0b\r\n\r\n", 400, "http.header"),
	REFUSED("a control byte in a value", GET "X: a\x01\r\n\r\n", 400, "http.header"),
	REFUSED("a byte over 0x7f in a name", GET "X\xe9: a\r\n\r\n", 400, "http.header"),
	REFUSED("a cookie twice", GET "Cookie: a=1\r\nCookie: a=2\r\n\r\n", 400,
		"http.repeated_header"),
	REFUSED("a content type twice", GET "Content-Type: a/b\r\nContent-type: a/b\r\n\r\n", 400,
		"http.repeated_header"),
	REFUSED("an authorization twice", GET "Authorization: a\r\nAuthorization: b\r\n\r\n", 400,
		"http.repeated_header"),
	REFUSED("an idempotency key twice", GET "Idempotency-Key: a\r\nIdempotency-Key: a\r\n\r\n",
		400, "http.repeated_header"),
	REFUSED("a host twice", GET HOST "\r\n", 400, "http.repeated_header"),

	REFUSED("no host", "GET / HTTP/1.1\r\n\r\n", 400, "http.host"),
	REFUSED("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "http.host"),
	REFUSED("a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "http.host"),
	REFUSED("a host with user info", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, "http.host"),
	REFUSED("two hosts in one", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400, "http.host"),
	REFUSED("a host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "http.host"),
	REFUSED("a port of letters", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, "http.host"),
	REFUSED("an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 400, "http.host"),
	REFUSED("a port too high", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400, "http.host"),
	REFUSED("a bracket that stays open", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400,
		"http.host"),
	REFUSED("no address in brackets", "GET / HTTP/1.1\r\nHost: [a]\r\n\r\n", 400, "http.host"),
	REFUSED("a target that names another host", "GET http://b.test/ HTTP/1.1\r\n" HOST "\r\n",
		400, "http.host"),

	REFUSED("GET *", "GET * HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("no slash", "GET x HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("another scheme", "GET ftp://a.test/ HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("user info in the target", "GET http://u@a.test/ HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.target"),
	REFUSED("a fragment", "GET /#x HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("NUL in the target", "GET /\0 HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("a tab in the target", "GET /\t HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("DEL in the target", "GET /\x7f HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("a byte over 0x7f in the target", "GET /\xe9 HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.target"),
	REFUSED("an escape cut short", "GET /%4 HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("an escape that is none", "GET /%zz HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("an escaped slash", "GET /a%2Fb HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("an escaped NUL", "GET /a%00 HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("an escaped line end", "GET /a%0d%0a HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("escapes that are no UTF-8", "GET /%ff HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.target"),
	REFUSED("an overlong slash", "GET /%c0%af HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("an empty segment", "GET /a//b HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("an empty segment first", "GET //b.test HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.target"),
	REFUSED("a dot segment", "GET /./a HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("a way up", "GET /a/../b HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("a way up, escaped", "GET /a/%2e%2E HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("a broken escape in the query", "GET /?a=%x HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.target"),
	REFUSED("NUL in the query", "GET /?a=%00 HTTP/1.1\r\n" HOST "\r\n", 400, "http.target"),
	REFUSED("a query that is no UTF-8", "GET /?a=%80 HTTP/1.1\r\n" HOST "\r\n", 400,
		"http.target"),
	REFUSED("a target one byte too long",
		"GET /1234567890123456789012345678901234567890123456789012345678901234 HTTP/1.1\r\n" HOST
		"\r\n",
		414, "http.target_size"),
	REFUSED("a request line that does not end",
		"GET /" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN, 414,
		"http.target_size"),
	REFUSED("nine headers",
		GET "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1\r\n\r\n", 431,
		"http.headers_size"),
	REFUSED("headers too long",
		GET "A: " TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
		    "\r\nB: " TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
		    "\r\n\r\n",
		431, "http.headers_size"),
	REFUSED("a header that does not end",
		GET "A: " TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
			TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN,
		431, "http.headers_size"),

	REFUSED("both lengths", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
		"http.length"),
	REFUSED("both lengths, the other way",
		POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400,
		"http.length"),
	REFUSED("a length beside an empty coding",
		POST "Content-Length: 5\r\nTransfer-Encoding:\r\n\r\nhello", 400, "http.length"),
	REFUSED("the same length twice", POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		400, "http.length"),
	REFUSED("a list of lengths", POST "Content-Length: 5, 5\r\n\r\nhello", 400, "http.length"),
	REFUSED("a length with a sign", POST "Content-Length: +5\r\n\r\nhello", 400, "http.length"),
	REFUSED("a length below zero", POST "Content-Length: -1\r\n\r\n", 400, "http.length"),
	REFUSED("a length in hexadecimal", POST "Content-Length: 0x5\r\n\r\nhello", 400,
		"http.length"),
	REFUSED("an empty length", POST "Content-Length:\r\n\r\n", 400, "http.length"),
	REFUSED("a length of 2^64", POST "Content-Length: 18446744073709551616\r\n\r\n", 400,
		"http.length"),
	REFUSED("a coding beside chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501,
		"http.transfer_coding"),
	REFUSED("another coding", POST "Transfer-Encoding: gzip\r\n\r\n", 501,
		"http.transfer_coding"),
	REFUSED("identity", POST "Transfer-Encoding: identity\r\n\r\n", 501,
		"http.transfer_coding"),
	REFUSED("a name that ends in chunked", POST "Transfer-Encoding: xchunked\r\n\r\n", 501,
		"http.transfer_coding"),
	REFUSED("an empty coding", POST "Transfer-Encoding:\r\n\r\n", 400,
		"http.transfer_encoding"),
	REFUSED("chunked before another", POST "Transfer-Encoding: chunked, gzip\r\n\r\n", 400,
		"http.transfer_encoding"),
	REFUSED("chunked twice", POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400,
		"http.transfer_encoding"),
	REFUSED("chunked with a parameter", POST "Transfer-Encoding: chunked;a=b\r\n\r\n", 400,
		"http.transfer_encoding"),
	REFUSED("an empty member", POST "Transfer-Encoding: , chunked\r\n\r\n", 400,
		"http.transfer_encoding"),
	REFUSED("chunks in HTTP/1.0",
		"POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
		"http.transfer_encoding"),
	REFUSED("another expectation", POST "Expect: a\r\nContent-Length: 1\r\n\r\nx", 417,
		"http.expectation"),

	REFUSED("bare LF behind a chunk's size", CHUNKED "5\nhello\r\n0\r\n\r\n", 400,
		"http.chunk"),
	REFUSED("bare LF behind a chunk", CHUNKED "5\r\nhello\n0\r\n\r\n", 400, "http.chunk"),
	REFUSED("another byte for CR behind a chunk", CHUNKED "5\r\nhelloX\n0\r\n\r\n", 400,
		"http.chunk"),
	REFUSED("another byte for LF behind a size", CHUNKED "5\rXhello\r\n0\r\n\r\n", 400,
		"http.chunk"),
	REFUSED("bare LF behind the last chunk", CHUNKED "0\r\n\n", 400, "http.chunk"),
	REFUSED("another byte for LF at the very end", CHUNKED "0\r\n\rX", 400, "http.chunk"),
	REFUSED("a space behind a size", CHUNKED "5 \r\nhello\r\n0\r\n\r\n", 400, "http.chunk"),
	REFUSED("a space before a size", CHUNKED " 5\r\nhello\r\n0\r\n\r\n", 400, "http.chunk"),
	REFUSED("no size", CHUNKED "\r\nhello\r\n0\r\n\r\n", 400, "http.chunk"),
	REFUSED("a size with 0x", CHUNKED "0x5\r\nhello\r\n0\r\n\r\n", 400, "http.chunk"),
	REFUSED("a size below zero", CHUNKED "-5\r\n", 400, "http.chunk"),
	REFUSED("a line end in an extension", CHUNKED "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", 400,
		"http.chunk"),
	REFUSED("a chunk longer than its size", CHUNKED "5\r\nhello!\r\n0\r\n\r\n", 400,
		"http.chunk"),
	REFUSED("a trailer that is folded", CHUNKED "0\r\nA: b\r\n c\r\n\r\n", 400, "http.chunk"),
	REFUSED("a trailer without a colon", CHUNKED "0\r\nGET / HTTP/1.1\r\n\r\n", 400,
		"http.chunk"),
	REFUSED("a trailer with NUL", CHUNKED "0\r\nA: \0\r\n\r\n", 400, "http.chunk"),
	REFUSED("more framing than body",
		CHUNKED "1;" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
			TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "\r\nx\r\n0\r\n\r\n",
		400, "http.chunk"),
	REFUSED("a chunk over the limit", CHUNKED "65\r\n", 413, "http.body_size"),
	REFUSED("a size of 2^64 and more", CHUNKED "ffffffffffffffffff\r\n", 413, "http.body_size"),
	REFUSED("chunks over the limit together", CHUNKED "32\r\n" TEN TEN TEN TEN TEN "\r\n33\r\n",
		413, "http.body_size"),
};

#endif
