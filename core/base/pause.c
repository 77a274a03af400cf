/*
 * Doubling pauses with jitter (pause.h).
 */
#include "pause.h"

#include "id.h"

int64_t pause_after(int64_t attempts, int64_t first, int64_t most)
{
	int64_t pause = first;

	for (int64_t i = 0; i < attempts && pause < most; i++)
		pause *= 2;
	if (pause > most)
		pause = most;
	return pause + random_below((uint32_t)(pause / 4));
}
