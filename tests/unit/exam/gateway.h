/*
 * A scene whose messages leave by a gateway of the centre's own (or another provider), and the gateway itself: it reads
 * what it is sent and answers what it is told to.
 */
#ifndef KAOWU_TEST_GATEWAY_H
#define KAOWU_TEST_GATEWAY_H

#include "scene.h"

#include "exam/delivery.h"

/* What it has seen: of every request its key, of the last one all. */
extern struct gateway_given {
	size_t count;
	const char *keys[200];
	const json *body;
} gateway_given;

/* scene_begin(), with the gateway as the provider and its secret set; the log is silent. */
int gateway_begin(void **state);
/* The centre's `sms` as of now, as if it had been applied. Single quotes stand for double ones. */
void sms_by(struct scene *scene, const char *sms);
/* A message "expired" about this number of an application. */
void tell(struct scene *scene, const char *mobile, const char *number);

/* What may go now, begun, as the server does it. */
struct errands claimed(struct scene *scene);
void answered(struct scene *scene, struct errands *errands, struct https_answer answer);
/* One round of all that; gives how many were tried. */
size_t moved(struct scene *scene, struct https_answer answer);

struct https_answer status(int number);
struct https_answer said(struct scene *scene, const char *body); /* 200, with JSON */

/* Into what the administrator sees. */
const json *listed(struct scene *scene, const char *pointer);
const char *text_given(void);

#endif
