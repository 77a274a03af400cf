/*
 * Looking into an answer.
 */
#include "https.h"

#include "base/text.h"

const char *https_answer_header(const struct https_answer *answer, const char *lower_case_name)
{
	for (size_t i = 0; i < answer->header_count; i++) {
		if (text_equal(answer->headers[i].name, lower_case_name))
			return answer->headers[i].value;
	}
	return NULL;
}
