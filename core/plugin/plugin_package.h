/*
 * A plugin on its way from its author to an operator: one file, a ZIP archive of
 *
 *     plugin.so        the shared object
 *     manifest.json    what it says about itself, for people and programs to read without running it
 *     examples.json    its worked examples, as `kaowu plugin try` takes them
 *     README.md        its author's word on where everything comes from
 *
 * and, where it is signed, an archive comment of fixed length, "kaowu-signature-1 <public key> <signature>": Ed25519
 * over every byte before the comment. So one file travels, any unzip opens it, `unzip -z` shows whose it is, and the
 * signature is judged before a byte of the archive is interpreted.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_PACKAGE_H
#define KAOWU_PLUGIN_PLUGIN_PACKAGE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "base/signature.h"

struct plugin_contents {
	struct bytes shared_object, readme;
	json *manifest;
};

/* Is this a package, to judge by its first bytes? */
bool plugin_package_is(struct bytes file);

/* Same contents, key and moment: same bytes. `pair` NULL: not signed. Any thread. */
enum result plugin_package_build(struct arena *arena, const struct plugin_contents *contents,
	const struct signature_pair *pair, int64_t made_at, struct bytes *out,
	struct error *error) MUST_CHECK;

/*
 * Judges the signature, then unpacks, within our limits. *signed_by is the text of the key whose signature is good,
 * or NULL if the package is not signed. INVALID: "kit.signature_bad", "archive.broken" and its like, or what
 * is wrong with manifest.json as JSON. Whether the manifest is the plugin's own is for the caller to see. Any thread.
 */
enum result plugin_package_read(struct arena *arena, struct bytes file, struct plugin_contents *out,
	const char **signed_by, struct error *error) MUST_CHECK;

#endif
