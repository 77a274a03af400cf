/*
 * Numbers that people type: the standards' own examples, what people do to them, and what must not pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "exam/identifier.h"

#include <cmocka.h>

#define POINTER "/number"

static const struct date today = {2026, 11, 22};

static int begin(void **state)
{
	static struct error error;

	error = (struct error){.arena = arena_create(1u << 20)};
	*state = &error;
	return 0;
}

static int end(void **state)
{
	arena_destroy(((struct error *)*state)->arena);
	return 0;
}

/* The code of the only fault; it stands where it was typed. */
static const char *said(struct error *error)
{
	const struct fault *fault = error->faults;

	assert_non_null(fault);
	assert_null(fault->next);
	assert_string_equal(fault->pointer, POINTER);
	*error = (struct error){.arena = error->arena};
	return fault->code;
}

static struct resident_id resident(struct error *error, const char *typed)
{
	struct resident_id out = {0};

	assert_true(resident_id_read(error, POINTER, RESIDENT_CARD, typed, today, 16, &out));
	assert_null(error->faults);
	return out;
}

static const char *resident_refused(struct error *error, const char *typed)
{
	struct resident_id out = {.number = "untouched"};

	assert_false(resident_id_read(error, POINTER, RESIDENT_CARD, typed, today, 16, &out));
	assert_string_equal(out.number, "untouched");
	return said(error);
}

/* Born on that day, with a check digit that fits. */
static const char *born(struct error *error, struct date birth)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	char *number = arena_printf(
		error->arena, "110108%04d%02d%02d123.", birth.year, birth.month, birth.day);
	int sum = 0;

	for (size_t i = 0; i < COUNT(weights); i++)
		sum += (number[i] - '0') * weights[i];
	number[17] = "10X98765432"[sum % 11];
	return number;
}

static void a_resident_id_gives_birth_and_gender(void **state)
{
	struct resident_id one = resident(*state, "11010519491231002X");
	struct resident_id other = resident(*state, "360426199101010071");

	assert_string_equal(one.number, "11010519491231002X");
	assert_int_equal(date_compare(one.birth, (struct date){1949, 12, 31}), 0);
	assert_false(one.male);
	assert_int_equal(date_compare(other.birth, (struct date){1991, 1, 1}), 0);
	assert_true(other.male);
	assert_true(resident(*state, "110108199003071238").male);
}

static void a_resident_id_is_taken_as_people_type_it(void **state)
{
	assert_string_equal(resident(*state, "11010519491231002x").number, "11010519491231002X");
	assert_string_equal(resident(*state, "１１０１０５１９４９１２３１００２Ｘ").number,
		"11010519491231002X");
	assert_string_equal(
		resident(*state, " 110105 19491231 002x　").number, "11010519491231002X");
}

static void a_resident_id_with_a_fault_is_refused_for_that_fault(void **state)
{
	assert_string_equal(resident_refused(*state, "440524188001010014"), "identity.birth");
	assert_string_equal(resident_refused(*state, "360426199101010070"), "identity.checksum");
	assert_string_equal(resident_refused(*state, "999999199001010016"), "identity.region");
	assert_string_equal(resident_refused(*state, "110108199002300001"), "identity.birth");
	assert_string_equal(resident_refused(*state, "110105491231002"), "identity.old_number");
	assert_string_equal(resident_refused(*state, "1101051949123100"), "identity.shape");
	assert_string_equal(resident_refused(*state, "11010519491231002XX"), "identity.shape");
	assert_string_equal(resident_refused(*state, "1101051949X231002X"), "identity.shape");
	assert_string_equal(resident_refused(*state, ""), "identity.shape");
	assert_string_equal(resident_refused(*state, NULL), "identity.shape");
}

static void a_residence_permit_has_regions_of_its_own(void **state)
{
	static const char *const permits[] = {
		"810000199003071237", "820000199003071247", "830000199003071257"};
	struct error *error = *state;
	struct resident_id out;

	for (size_t i = 0; i < COUNT(permits); i++) {
		assert_true(resident_id_read(
			error, POINTER, RESIDENCE_PERMIT, permits[i], today, 16, &out));
		assert_int_equal(date_compare(out.birth, (struct date){1990, 3, 7}), 0);
		assert_string_equal(resident_refused(error, permits[i]), "identity.region");
	}
	assert_false(resident_id_read(
		error, POINTER, RESIDENCE_PERMIT, "110108199003071238", today, 16, &out));
	assert_string_equal(said(error), "identity.permit_region");
	assert_false(resident_id_read(
		error, POINTER, RESIDENCE_PERMIT, "810000199003071230", today, 16, &out));
	assert_string_equal(said(error), "identity.checksum");
}

static void another_documents_number_has_digits_and_no_punctuation(void **state)
{
	static const char *const good[][2] = {{" e 1234-5678 ", "E12345678"},
		{"军字第1234567号", "军字第1234567号"}, {"ABC110199003071", "ABC110199003071"},
		{"A123456(7)", "A1234567"}, {"a123456（7）", "A1234567"}};
	static const char *const bad[] = {
		"!!!!!!!", "E1234/5678", "没有没有没有", "PASSPORT", NULL};

	for (size_t i = 0; i < COUNT(good); i++) {
		const char *out = NULL;

		assert_true(document_number_read(*state, POINTER, good[i][0], &out));
		assert_string_equal(out, good[i][1]);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *out = "untouched";

		assert_false(document_number_read(*state, POINTER, bad[i], &out));
		assert_string_equal(out, "untouched");
		assert_string_equal(said(*state), "identity.document");
	}
}

static void one_wrong_digit_is_always_noticed(void **state)
{
	for (size_t place = 6; place < 17; place++) {
		char number[] = "110108199003071238";
		struct resident_id out;

		number[place] = (char)(number[place] == '9' ? '0' : number[place] + 1);
		assert_false(
			resident_id_read(*state, POINTER, RESIDENT_CARD, number, today, 16, &out));
		(void)said(*state);
	}
}

static void one_may_apply_from_the_sixteenth_birthday_on(void **state)
{
	assert_true(resident(*state, born(*state, (struct date){2010, 11, 22})).male);
	assert_string_equal(resident_refused(*state, born(*state, (struct date){2010, 11, 23})),
		"identity.too_young");
}

static void a_birth_in_the_future_or_more_than_a_hundred_years_ago_cannot_be(void **state)
{
	assert_string_equal(resident_refused(*state, born(*state, (struct date){2026, 11, 23})),
		"identity.birth");
	assert_string_equal(resident_refused(*state, born(*state, (struct date){1925, 11, 22})),
		"identity.birth");
	assert_true(resident(*state, born(*state, (struct date){1925, 11, 23})).male);
}

static void a_mobile_number_is_taken_as_people_type_it(void **state)
{
	static const char *const typed[] = {"13800000000", "+8613800000000", "008613800000000",
		"8613800000000", "+86 138-0000-0000", "１３８ ００００ ００００",
		" 138 0000 0000 "};

	for (size_t i = 0; i < COUNT(typed); i++) {
		const char *out = NULL;

		assert_true(mobile_read(*state, POINTER, typed[i], &out));
		assert_string_equal(out, "13800000000");
	}
}

static void a_document_number_and_a_name_are_one_however_they_are_typed(void **state)
{
	static const char *const numbers[] = {"E12345678", " e 1234-5678 ", "Ｅ１２３４５６７８"};
	static const char *const names[] = {
		"阿依古丽·买买提", "阿依古丽•买买提", " 阿依古丽・买买提", "阿依古丽‧买买提"};
	struct error *error = *state;

	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_string_equal(document_number(error->arena, numbers[i]), "E12345678");
	for (size_t i = 0; i < COUNT(names); i++)
		assert_string_equal(person_name(error->arena, names[i]), "阿依古丽·买买提");
	assert_string_equal(person_name(error->arena, NULL), "");
}

static void a_name_has_no_gap_and_no_full_stop_between_chinese_characters(void **state)
{
	static const char *const typed[][2] = {
		{"张 三", "张三"},
		{"张　三", "张三"},
		{"阿依古丽 · 买买提", "阿依古丽·买买提"},
		{"阿依古丽.买买提", "阿依古丽·买买提"},
		{"阿依古丽．买买提", "阿依古丽·买买提"},
		{" Jane  R. Doe ", "Jane R. Doe"},
		{"José Álvarez", "José Álvarez"},
		{"张三.", "张三."},
		{"", ""},
	};
	struct error *error = *state;

	for (size_t i = 0; i < COUNT(typed); i++)
		assert_string_equal(person_name(error->arena, typed[i][0]), typed[i][1]);
}

static void what_is_no_mobile_number_is_refused(void **state)
{
	static const char *const typed[] = {"12800000000", "1380000000", "138000000000",
		"23800000000", "+8513800000000", "1380000000x", "010-00000000", "", NULL};

	for (size_t i = 0; i < COUNT(typed); i++) {
		const char *out = "untouched";

		assert_false(mobile_read(*state, POINTER, typed[i], &out));
		assert_string_equal(out, "untouched");
		assert_string_equal(said(*state), "identity.mobile");
	}
}

static bool certificate(struct error *error, const char *typed, int level)
{
	const char *out = "untouched";

	if (certificate_number_read(error, POINTER, typed, level, &out))
		return true;
	assert_string_equal(out, "untouched");
	assert_string_equal(said(error), "identity.certificate");
	return false;
}

static void a_certificate_number_of_22_characters_carries_its_level(void **state)
{
	assert_true(certificate(*state, "Y000123000001195000001", 5));
	assert_true(certificate(*state, "s000011000001202000001", 2));
	assert_false(certificate(*state, "Y000123000001195000001", 4));
	assert_false(certificate(*state, "X000123000001195000001", 5));
	assert_false(certificate(*state, "Y00012300000119500000", 5));
	assert_false(certificate(*state, "Y0001230000011950000011", 5));
}

static void a_certificate_number_with_two_letters_is_taken(void **state)
{
	assert_true(certificate(*state, "Y00012300000119T000001", 1));
	assert_true(certificate(*state, "TJ00012300000119000001", 1));
	assert_false(certificate(*state, "YST0123000001190000001", 1));
	assert_false(certificate(*state, "0000123000001195T00S01", 1));
}

static void older_certificate_numbers_are_taken(void **state)
{
	assert_true(certificate(*state, "0911003010200001", 2));
	assert_false(certificate(*state, "0911003010200001", 3));
	assert_true(certificate(*state, "0911003010001", 3));
	assert_false(certificate(*state, "091100301000X", 3));
	assert_false(certificate(*state, "091100301000", 3));
	assert_false(certificate(*state, NULL, 3));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_resident_id_gives_birth_and_gender),
		TEST(a_resident_id_is_taken_as_people_type_it),
		TEST(a_resident_id_with_a_fault_is_refused_for_that_fault),
		TEST(a_residence_permit_has_regions_of_its_own),
		TEST(another_documents_number_has_digits_and_no_punctuation),
		TEST(one_wrong_digit_is_always_noticed),
		TEST(one_may_apply_from_the_sixteenth_birthday_on),
		TEST(a_birth_in_the_future_or_more_than_a_hundred_years_ago_cannot_be),
		TEST(a_mobile_number_is_taken_as_people_type_it),
		TEST(a_document_number_and_a_name_are_one_however_they_are_typed),
		TEST(a_name_has_no_gap_and_no_full_stop_between_chinese_characters),
		TEST(what_is_no_mobile_number_is_refused),
		TEST(a_certificate_number_of_22_characters_carries_its_level),
		TEST(a_certificate_number_with_two_letters_is_taken),
		TEST(older_certificate_numbers_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
