/*
 * ELF, as far as a plugin's check needs it (shared_object.h).
 *
 * The hard thing is that every number in the file may be a lie. So each piece is copied out by piece(), which knows
 * where the file ends; an address becomes a place in the file by the segments, as in the loader; and counts that the
 * file gives only end loops that the file's own length ends as well.
 */
#include "shared_object.h"

#include <elf.h>
#include <string.h>

#define SEGMENTS_MOST  32
#define LIBRARIES_MOST 64
#define SYMBOLS_MOST   4096
#define NAME_LONGEST   512

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_ORDER ELFDATA2LSB
#else
#define OWN_ORDER ELFDATA2MSB
#endif
#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#elif defined(__riscv)
#define OWN_MACHINE EM_RISCV
#elif defined(__loongarch__)
#define OWN_MACHINE 258
#else
#error "which machine is this in elf.h?"
#endif

struct reader {
	struct arena *arena;
	struct bytes file;
	Elf64_Phdr segments[SEGMENTS_MOST];
	size_t segment_count;
	uint64_t symbols, strings, strings_size, hash, gnu_hash; /* addresses; 0: none */
};

static bool piece(struct bytes file, uint64_t offset, void *out, size_t size)
{
	if (offset > file.size || file.size - offset < size)
		return false;
	memcpy(out, file.data + offset, size);
	return true;
}

/* `size` bytes at an address that the file fills. */
static bool at_address(const struct reader *reader, uint64_t address, void *out, size_t size)
{
	for (size_t i = 0; i < reader->segment_count; i++) {
		const Elf64_Phdr *segment = &reader->segments[i];
		uint64_t inside = address - segment->p_vaddr;

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
			inside < segment->p_filesz && segment->p_filesz - inside >= size)
			return segment->p_offset + inside >= inside &&
			       piece(reader->file, segment->p_offset + inside, out, size);
	}
	return false;
}

static bool read_segments(struct reader *reader, const Elf64_Ehdr *header)
{
	reader->segment_count = header->e_phnum;
	if (header->e_phnum > SEGMENTS_MOST || header->e_phentsize != sizeof(Elf64_Phdr) ||
		header->e_phoff > reader->file.size)
		return false;
	return piece(reader->file, header->e_phoff, reader->segments,
		header->e_phnum * sizeof(Elf64_Phdr));
}

/* A printable name in the string table, or NULL. */
static const char *name_at(const struct reader *reader, uint64_t offset)
{
	char name[NAME_LONGEST];

	for (size_t i = 0; i < sizeof(name) && offset + i < reader->strings_size; i++) {
		if (!at_address(reader, reader->strings + offset + i, name + i, 1))
			return NULL;
		if (!name[i])
			return arena_text(reader->arena, name);
		if (name[i] <= ' ' || name[i] > '~')
			return NULL;
	}
	return NULL;
}

static bool add_name(const struct reader *reader, json *names, uint64_t offset)
{
	const char *name = name_at(reader, offset);

	if (!name)
		return false;
	json_append(names, json_new_text(reader->arena, name));
	return true;
}

/* ---- The dynamic section ---- */

static const Elf64_Phdr *dynamic_segment(const struct reader *reader)
{
	for (size_t i = 0; i < reader->segment_count; i++)
		if (reader->segments[i].p_type == PT_DYNAMIC)
			return &reader->segments[i];
	return NULL;
}

static bool next_entry(
	const struct reader *reader, const Elf64_Phdr *segment, size_t index, Elf64_Dyn *out)
{
	return piece(reader->file, segment->p_offset + index * sizeof(*out), out, sizeof(*out)) &&
	       out->d_tag != DT_NULL;
}

static void note_address(struct reader *reader, const Elf64_Dyn *entry)
{
	if (entry->d_tag == DT_SYMTAB)
		reader->symbols = entry->d_un.d_ptr;
	if (entry->d_tag == DT_STRTAB)
		reader->strings = entry->d_un.d_ptr;
	if (entry->d_tag == DT_STRSZ)
		reader->strings_size = entry->d_un.d_val;
	if (entry->d_tag == DT_HASH)
		reader->hash = entry->d_un.d_ptr;
	if (entry->d_tag == DT_GNU_HASH)
		reader->gnu_hash = entry->d_un.d_ptr;
}

static bool read_dynamic(struct reader *reader, json *libraries)
{
	const Elf64_Phdr *segment = dynamic_segment(reader);
	size_t wanted = 0;
	Elf64_Dyn entry;

	if (!segment)
		return false;
	for (size_t i = 0; next_entry(reader, segment, i, &entry); i++)
		note_address(reader, &entry);
	for (size_t i = 0; next_entry(reader, segment, i, &entry); i++)
		if (entry.d_tag == DT_NEEDED &&
			(++wanted > LIBRARIES_MOST ||
				!add_name(reader, libraries, entry.d_un.d_val)))
			return false;
	return reader->symbols && reader->strings;
}

/* ---- Symbols ---- */

/* The loader finds symbols by hash, and only the hash tables say how many there are: the last of the last chain. */
static bool count_by_gnu_hash(const struct reader *reader, uint32_t *out)
{
	struct {
		uint32_t buckets, first, bloom_words, bloom_shift;
	} header;
	uint32_t last = 0, bucket, chained;

	if (!at_address(reader, reader->gnu_hash, &header, sizeof(header)) ||
		header.buckets > SYMBOLS_MOST)
		return false;
	uint64_t buckets = reader->gnu_hash + sizeof(header) + UINT64_C(8) * header.bloom_words;
	uint64_t chains = buckets + UINT64_C(4) * header.buckets;

	for (uint32_t i = 0; i < header.buckets; i++) {
		if (!at_address(reader, buckets + UINT64_C(4) * i, &bucket, sizeof(bucket)))
			return false;
		last = bucket > last ? bucket : last;
	}
	*out = header.first;
	if (last < header.first)
		return true;
	do {
		if (!at_address(reader, chains + UINT64_C(4) * (last - header.first), &chained,
			    sizeof(chained)))
			return false;
		last++;
	} while (!(chained & 1) && last < SYMBOLS_MOST);
	*out = last;
	return true;
}

static bool count_symbols(const struct reader *reader, uint32_t *out)
{
	uint32_t header[2]; /* buckets, symbols */

	if (reader->gnu_hash)
		return count_by_gnu_hash(reader, out);
	if (!reader->hash || !at_address(reader, reader->hash, header, sizeof(header)))
		return false;
	*out = header[1];
	return true;
}

static bool visible(const Elf64_Sym *symbol)
{
	unsigned visibility = ELF64_ST_VISIBILITY(symbol->st_other);

	return ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
	       (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

static bool read_symbols(const struct reader *reader, struct shared_object *out)
{
	uint32_t count;
	Elf64_Sym symbol;

	if (!count_symbols(reader, &count) || count > SYMBOLS_MOST)
		return false;
	for (uint32_t i = 1; i < count; i++) {
		if (!at_address(
			    reader, reader->symbols + i * sizeof(symbol), &symbol, sizeof(symbol)))
			return false;
		bool defined = symbol.st_shndx != SHN_UNDEF;
		if (visible(&symbol) &&
			!add_name(reader, defined ? out->exports : out->imports, symbol.st_name))
			return false;
	}
	return true;
}

enum result shared_object_read(
	struct arena *arena, struct bytes file, struct shared_object *out, struct error *error)
{
	struct shared_object found = {
		json_new_array(arena), json_new_array(arena), json_new_array(arena)};
	struct reader *reader = NEW(arena, struct reader);
	Elf64_Ehdr header;

	*reader = (struct reader){.arena = arena, .file = file};
	if (!piece(file, 0, &header, sizeof(header)) ||
		memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN)
		return fail(error, INVALID, "kit.not_shared", NULL);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != OWN_ORDER ||
		header.e_machine != OWN_MACHINE)
		return fail(error, INVALID, "kit.other_machine", NULL);
	if (!read_segments(reader, &header) || !read_dynamic(reader, found.libraries) ||
		!read_symbols(reader, &found))
		return fail(error, INVALID, "kit.not_shared", NULL);

	*out = found;
	return OK;
}
