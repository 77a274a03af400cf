/*
 * The book of a plan's tickets: all of them as PDFs, for a centre that prints them for everybody.
 *
 * It is asked for once and made by the server, part by part: a part is one document of a few hundred tickets, so that
 * memory stays bounded however many there are, and a server that dies loses the part it was at and goes on there. A
 * plan has one book; asking again makes it anew. A book is kept for some days only (LIMIT_TICKET_BOOK_LIFE), for it
 * shows everybody.
 */
#ifndef KAOWU_EXAM_TICKET_BOOK_H
#define KAOWU_EXAM_TICKET_BOOK_H

#include "material.h"

/* A new book of the tickets that there are now, in the place of the one before; answers as ticket_book_view().
 * `check_at` as of ticket_facts_load(). CONFLICT ("ticket.none") if there are no tickets, ("plan.cancelled"). */
enum result ticket_book_ask(
	struct transaction *tx, const char *plan_id, const char *check_at, json **out) MUST_CHECK;
/* The same where there is a book already: a ticket says something else by now, or is void. Where no book can be any
 * more it is gone. */
enum result ticket_book_renew(struct transaction *tx, const char *plan_id) MUST_CHECK;
/* {asked_at, finished_at, total, drawn, missing, parts: [{part, tickets, first_number, last_number, size}],
 * missing_tickets: [{number, application_number, text}]}, the first of those that could not be drawn; NOT_FOUND
 * ("ticket.no_book"). */
enum result ticket_book_view(struct transaction *tx, const char *plan_id, json **out) MUST_CHECK;
/* A part, found and not yet read: material_part(). NOT_FOUND ("ticket.no_part"). */
enum result ticket_book_part(struct transaction *tx, const char *plan_id, const char *part,
	struct material_file *out) MUST_CHECK;

/* Gone before its time, if there is one: nobody sits by its tickets any more. Its files leave by the next sweep. */
enum result ticket_book_forget(struct transaction *tx, const char *plan_id) MUST_CHECK;

#endif
