/*
 * kaowu-worker: what a sandboxed child does (worker/worker.h). Not for people; the server starts it.
 *
 * A program of its own, because a process that lives for one picture should not first load what the server needs, and
 * because what is not loaded cannot be misused: of fonts, SQLite, TLS and HTTP nothing is here. Nobody installs it:
 * kaowu carries it inside (command/worker_program.c), so the two are always of one build.
 */
#include <stdio.h>
#include <sys/prctl.h>

#include "base/text.h"
#include "document/picture.h"
#include "plugin/plugin_worker.h"

int main(int count, char **words)
{
	(void)prctl(PR_SET_NAME, "kaowu-worker"); /* else ps shows the number of a descriptor */
	if (count == 3 && text_equal(words[2], "picture"))
		return picture_worker_main();
	if (count == 4 && text_equal(words[2], "plugin"))
		return plugin_worker_main(words[3]);

	(void)fputs("kaowu-worker: started by kaowu only\n", stderr);
	return 2;
}
