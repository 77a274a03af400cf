/*
 * "multipleOf": 0.01 as people mean it. Doubles cannot divide decimals (4.35 / 0.01 is
 * 434.99999999999994), so both numbers go back to the decimal digits that they were written with,
 * which the JSON reader has made sure of, and are divided as integers.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema_parts.h"

/* digits × 10^exponent, without trailing zeros; at most 17 digits. */
struct decimal {
	uint64_t digits;
	int exponent;
};

/* The shortest digits that give the same double back. */
static struct decimal decimal_of(double number)
{
	char text[40];
	struct decimal decimal = {0};
	const char *at;
	bool fraction = false;

	for (int after_point = 14; after_point <= 16; after_point++) {
		snprintf(text, sizeof(text), "%.*e", after_point, number);
		if (strtod(text, NULL) == number)
			break;
	}
	for (at = text; *at != 'e'; at++) {
		if (*at == '.') {
			fraction = true;
			continue;
		}
		decimal.digits = decimal.digits * 10 + (uint64_t)(*at - '0');
		decimal.exponent -= fraction;
	}
	decimal.exponent += (int)strtol(at + 1, NULL, 10);
	for (; decimal.digits && decimal.digits % 10 == 0; decimal.exponent++)
		decimal.digits /= 10;
	return decimal;
}

bool number_is_multiple(double number, double of)
{
	struct decimal dividend, divisor;
	uint64_t rest;

	if (number == trunc(number) && of == trunc(of))
		return fmod(number, of) == 0; /* exact */

	dividend = decimal_of(fabs(number));
	divisor = decimal_of(of);
	if (dividend.digits == 0)
		return true;
	for (; dividend.exponent < divisor.exponent; divisor.exponent--) {
		if (divisor.digits > dividend.digits / 10)
			return false;
		divisor.digits *= 10;
	}
	rest = dividend.digits % divisor.digits;
	for (int i = divisor.exponent; i < dividend.exponent; i++)
		rest = rest * 10 % divisor.digits;
	return rest == 0;
}
