/*
 * `kaowu worker`: what a sandboxed child does. Not for people; the server starts it.
 */
#include "command.h"

#include <stdio.h>

#include "base/text.h"
#include "document/picture.h"
#include "plugin/plugin_worker.h"

int command_worker(int count, char **words)
{
	if (count == 1 && text_equal(words[0], "picture"))
		return picture_worker_main();
	if (count == 2 && text_equal(words[0], "plugin"))
		return plugin_worker_main(words[1]);

	(void)fputs("kaowu worker: started by the server only\n", stderr);
	return 2;
}
