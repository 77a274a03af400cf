# Puts files into the binary: an assembler file with one .incbin a file, and behind them a table of them, sorted by
# path, as base/embedded.h declares it.
#
# Kept to directives that GNU as and clang's assembler share on every ELF machine: '%' before a section
# type, for '@' begins a comment on ARM, and no comments at all. The table holds addresses, which are
# relocated when the program starts; hence .data.rel.ro.

# Writes <output>: the table <table>_files of <table>_count files, which lie in <folder> at the paths that follow.
function(embed_write output table folder)
  list(SORT ARGN)
  set(contents "")
  set(rows "")
  set(number 0)
  foreach(path ${ARGN})
    # A zero behind each file, so that a text can be read as one.
    string(APPEND contents ".Lpath_${number}: .asciz \"${path}\"\n"
      ".Lfile_${number}: .incbin \"${folder}/${path}\"\n.Lend_${number}: .byte 0\n")
    string(APPEND rows
      ".quad .Lpath_${number}, .Lfile_${number}, .Lend_${number} - .Lfile_${number}\n")
    math(EXPR number "${number} + 1")
  endforeach()

  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT "\
.section .rodata
${contents}\
.balign 8
.globl ${table}_count
.type ${table}_count, %object
${table}_count: .quad ${number}
.size ${table}_count, 8
.section .data.rel.ro, \"aw\", %progbits
.balign 8
.globl ${table}_files
.type ${table}_files, %object
${table}_files:
${rows}\
.size ${table}_files, . - ${table}_files
.section .note.GNU-stack, \"\", %progbits
")
endfunction()

# Run by itself, when what it embeds has been built: cmake -D EMBED_OUTPUT= -D EMBED_TABLE= -D EMBED_FOLDER= -P.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB_RECURSE found RELATIVE ${EMBED_FOLDER} ${EMBED_FOLDER}/*)
  embed_write(${EMBED_OUTPUT} ${EMBED_TABLE} ${EMBED_FOLDER} ${found})
  file(TOUCH ${EMBED_OUTPUT})
  return()
endif()

enable_language(ASM)

# clang complains of every option for C that says nothing to its assembler.
function(embed_assembled output)
  set_source_files_properties(${output} PROPERTIES COMPILE_OPTIONS -Wno-unused-command-line-argument)
endfunction()

# embed_these(<output> <table> <folder> <path>...): files of the tree, by their path in the folder.
function(embed_these output table folder)
  set(folder ${CMAKE_SOURCE_DIR}/${folder})
  embed_write(${output} ${table} ${folder} ${ARGN})
  list(TRANSFORM ARGN PREPEND ${folder}/)
  embed_assembled(${output})
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${ARGN}")
endfunction()

# embed_files(<output> <table> <folder>): all files below a folder of the tree but hidden and backup ones.
function(embed_files output table folder)
  file(GLOB_RECURSE found RELATIVE ${CMAKE_SOURCE_DIR}/${folder} CONFIGURE_DEPENDS ${folder}/*)
  list(FILTER found EXCLUDE REGEX "(^|/)\\.|~$")
  embed_these(${output} ${table} ${folder} ${found})
endfunction()

# embed_built(<output> <table> <folder> <stamp>): what the build itself puts into a folder, renewing the stamp.
function(embed_built output table folder stamp)
  add_custom_command(OUTPUT ${output} DEPENDS ${stamp} VERBATIM
    COMMAND ${CMAKE_COMMAND} -D EMBED_OUTPUT=${output} -D EMBED_TABLE=${table} -D EMBED_FOLDER=${folder}
      -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  embed_assembled(${output})
endfunction()
