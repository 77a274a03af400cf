# Puts files into the binary: an assembler file with one .incbin a file, and behind them the table that
# base/embedded.h declares, sorted by path.
#
# Kept to directives that GNU as and clang's assembler share on every ELF machine: '%' before a section
# type, for '@' begins a comment on ARM, and no comments at all. The table holds addresses, which are
# relocated when the program starts; hence .data.rel.ro.
enable_language(ASM)

# embed_files(<assembler file> <folder> <prefix> [<folder> <prefix>]...): all files below each folder but
# hidden and backup ones, under the prefix and their path in that folder.
function(embed_files output)
  set(paths "")
  while(ARGN)
    list(POP_FRONT ARGN folder prefix)
    file(GLOB_RECURSE found RELATIVE ${CMAKE_SOURCE_DIR}/${folder} CONFIGURE_DEPENDS ${folder}/*)
    list(FILTER found EXCLUDE REGEX "(^|/)\\.|~$")
    foreach(path ${found})
      list(APPEND paths "${prefix}${path}")
      set("file_of_${prefix}${path}" "${CMAKE_SOURCE_DIR}/${folder}/${path}")
    endforeach()
  endwhile()
  list(SORT paths)

  set(contents "")
  set(rows "")
  set(files "")
  set(number 0)
  foreach(path ${paths})
    set(file "${file_of_${path}}")
    # A zero behind each file, so that a text can be read as one.
    string(APPEND contents ".Lpath_${number}: .asciz \"${path}\"\n"
      ".Lfile_${number}: .incbin \"${file}\"\n.Lend_${number}: .byte 0\n")
    string(APPEND rows
      ".quad .Lpath_${number}, .Lfile_${number}, .Lend_${number} - .Lfile_${number}\n")
    list(APPEND files "${file}")
    math(EXPR number "${number} + 1")
  endforeach()

  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT "\
.section .rodata
${contents}\
.balign 8
.globl embedded_count
.type embedded_count, %object
embedded_count: .quad ${number}
.size embedded_count, 8
.section .data.rel.ro, \"aw\", %progbits
.balign 8
.globl embedded_files
.type embedded_files, %object
embedded_files:
${rows}\
.size embedded_files, . - embedded_files
.section .note.GNU-stack, \"\", %progbits
")
  # clang complains of every option for C that says nothing to its assembler.
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${files}"
    COMPILE_OPTIONS -Wno-unused-command-line-argument)
endfunction()
