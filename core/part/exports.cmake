# What kaowu must show to its parts: names that they leave open, as a list for the linker. A name that is another
# library's is passed over there, and one that core/base does not show is missed when the part is loaded.
# cmake -D NM= -D PARTS=FILE;... -D OUTPUT= -P
set(names "")
foreach(part ${PARTS})
  execute_process(COMMAND ${NM} --dynamic --undefined-only --format=posix ${part}
    OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" lines "${said}")
  foreach(line ${lines})
    string(REGEX MATCH "^[^ ]+" name "${line}")
    if(NOT name MATCHES "@") # the C library's have versions
      list(APPEND names ${name})
    endif()
  endforeach()
endforeach()
list(SORT names)
list(REMOVE_DUPLICATES names)
list(JOIN names ";\n" joined)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "{\n${joined};\n};\n" @ONLY)
file(TOUCH ${OUTPUT})
