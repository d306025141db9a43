/* symbols.c - variables and functions, from the program's own ELF file */
/* SPDX-License-Identifier: MIT */
/*
 * The explored program is linked at fixed addresses (-no-pie), so that an
 * address of a record is an address of the file's symbol table, and the
 * table alone tells that 0x4c40a8 is 40 bytes into the variable queue. (In
 * which member of queue, it does not tell: see names.c.) Without the table,
 * or in another kind of file, nothing has a name, and reports say "mutex 1".
 *
 * Interface: xp_symbols_open, xp_symbol_data, xp_symbol_code. The file stays
 * mapped: names point into it.
 */
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "picture.h"

static const unsigned char *image;
static size_t image_size;
static const Elf64_Sym *table;
static size_t table_count;
static const char *strings;
static size_t strings_size;

/* Is this part of the file really in it? */
static bool
inside(uint64_t offset, uint64_t size)
{
	return offset <= image_size && size <= image_size - offset;
}

/* Section number n, if it is whole. */
static const Elf64_Shdr *
section(const Elf64_Ehdr *header, unsigned n)
{
	const Elf64_Shdr *s;

	if (n >= header->e_shnum ||
		!inside(header->e_shoff, (n + 1) * sizeof *s))
		return NULL;
	s = (const Elf64_Shdr *)(const void *)(image + header->e_shoff) + n;
	return inside(s->sh_offset, s->sh_size) ? s : NULL;
}

static void
find_table(void)
{
	const Elf64_Ehdr *header = (const void *)image;
	const Elf64_Shdr *s, *names;

	if (image_size < sizeof *header ||
		memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
		header->e_ident[EI_CLASS] != ELFCLASS64)
		return;
	for (unsigned n = 0; n < header->e_shnum; n++) {
		s = section(header, n);
		if (s == NULL || s->sh_type != SHT_SYMTAB)
			continue;
		names = section(header, s->sh_link);
		if (names == NULL || names->sh_size == 0)
			continue;
		table = (const void *)(image + s->sh_offset);
		table_count = s->sh_size / sizeof *table;
		strings = (const char *)image + names->sh_offset;
		strings_size = names->sh_size;
		if (strings[strings_size - 1] != '\0')
			table_count = 0;
	}
}

/* Reads the symbol table of the program: once, whatever is asked later. */
void
xp_symbols_open(const char *program)
{
	struct stat status;
	void *map;
	int fd;

	if (image != NULL)
		return;
	fd = open(program, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && status.st_size > 0) {
		map = mmap(NULL, (size_t)status.st_size, PROT_READ,
			MAP_PRIVATE, fd, 0);
		if (map != MAP_FAILED) {
			image = map;
			image_size = (size_t)status.st_size;
			find_table();
		}
	}
	close(fd);
}

/* The smallest symbol of that type that holds the address. */
static bool
find(uintptr_t address, unsigned char type, struct xp_symbol *symbol)
{
	bool found = false;

	for (size_t i = 0; i < table_count; i++) {
		const Elf64_Sym *s = &table[i];

		if (ELF64_ST_TYPE(s->st_info) != type ||
			s->st_name >= strings_size || address < s->st_value ||
			address - s->st_value >= s->st_size)
			continue;
		if (found && s->st_size >= symbol->size)
			continue;
		symbol->name = strings + s->st_name;
		symbol->address = s->st_value;
		symbol->size = s->st_size;
		found = true;
	}
	return found;
}

bool
xp_symbol_data(uintptr_t address, struct xp_symbol *symbol)
{
	return find(address, STT_OBJECT, symbol);
}

bool
xp_symbol_code(uintptr_t address, struct xp_symbol *symbol)
{
	return find(address, STT_FUNC, symbol);
}
