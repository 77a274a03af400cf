# Builds the pages with Vite into <build>/web, whose files core/api/pages.c gives to browsers. With KAOWU_WEB=OFF that
# folder is empty: the server is whole but for its pages, and nothing of Node is asked for.
set(web_folder ${CMAKE_BINARY_DIR}/web)
set(web_stamp ${CMAKE_BINARY_DIR}/web.stamp)
set(web_source ${CMAKE_SOURCE_DIR}/core/web)

if(KAOWU_WEB)
  find_program(NODE node)
  if(NOT NODE OR NOT EXISTS ${web_source}/node_modules/vite)
    message(FATAL_ERROR "The pages need Node and its packages: run npm ci --prefix core/web (./dev does), "
      "or build a server without pages with -DKAOWU_WEB=OFF")
  endif()
  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web_source}/src/* ${web_source}/messages/* ${web_source}/build/*)
  add_custom_command(OUTPUT ${web_stamp} VERBATIM
    DEPENDS ${web_sources} ${web_source}/candidate.html ${web_source}/staff.html ${web_source}/operator.html
      ${web_source}/vite.config.ts
      ${web_source}/package-lock.json ${CMAKE_SOURCE_DIR}/schemas/openapi.json
    COMMAND ${NODE} node_modules/vite/bin/vite.js build --logLevel warn --outDir ${web_folder} --emptyOutDir
    COMMAND ${CMAKE_COMMAND} -E touch ${web_stamp}
    WORKING_DIRECTORY ${web_source} COMMENT "Building the pages")
else()
  add_custom_command(OUTPUT ${web_stamp} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${web_folder}
    COMMAND ${CMAKE_COMMAND} -E touch ${web_stamp})
endif()
embed_built(${CMAKE_BINARY_DIR}/embedded_web.s web ${web_folder} ${web_stamp})
