/*
 * Each part is a job of its own, on the tenant's read lane like any other read: a download takes its turn, and goes no
 * faster than its peer reads. The request stays the baton: it is asked for the next part when the one before is
 * written.
 */
#include "stream.h"

#include "answer.h"
#include "exam/material.h"

struct stream {
	struct request *request;
	uint64_t at;
	size_t size; /* of the part in `bytes` */
	uint8_t bytes[FILES_PART];
};

static enum result part_run(struct job *job, struct store *db)
{
	struct request *request = (struct request *)job;
	struct stream *stream = request->prepared;

	(void)db; /* files have databases of their own */
	return material_part(
		&request->tx, request->reply.stored, stream->at, stream->bytes, &stream->size);
}

/* Its head has promised all of it: what cannot be read can only be told by cutting it off. */
static void part_done(struct job *job, enum result outcome)
{
	struct request *request = (struct request *)job;
	struct stream *stream = request->prepared;

	if (outcome) {
		trouble_log(request, outcome);
		stream->size = 0;
	}
	stream->at += stream->size;
	http_answer_part(request->exchange, bytes_of(stream->bytes, stream->size));
}

static void part_submit(void *data)
{
	struct stream *stream = data;
	struct job *job = &stream->request->job;

	job->next = NULL;
	job->admitted = true; /* no inbox is so full that half a file would be given */
	job->lane = LANE_READ;
	job->run = part_run;
	job->done = part_done;
	if (tenants_submit(stream->request->api->tenants, job))
		part_done(job, BUSY);
}

void stream_begin(struct request *request, struct http_reply *reply)
{
	struct stream *stream = NEW(request->exchange->arena, struct stream);

	stream->request = request;
	request->prepared = stream;
	reply->length = request->reply.stored->reading.facts.size;
	reply->next = part_submit;
	reply->next_data = stream;
}
