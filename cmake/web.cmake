# The report's front end: bundled at build time with npm and embedded in the program, so that a report opens offline.
# npm reaches for the network only where web/node_modules is missing or belongs to another package-lock.json.
include(cmake/embed.cmake)
find_program(STROMA_NODE NAMES node nodejs)
find_program(STROMA_NPM npm)
if(NOT STROMA_NODE)
  message(FATAL_ERROR "node is needed to bundle the report's front end: apt-get install nodejs npm")
endif()

set(STROMA_WEB ${CMAKE_SOURCE_DIR}/web)
set(STROMA_WEB_DIST ${CMAKE_BINARY_DIR}/web)
file(GLOB STROMA_WEB_SOURCES CONFIGURE_DEPENDS ${STROMA_WEB}/src/*)
set(STROMA_WEB_FILES template.html report.css report.js render.cjs)
list(TRANSFORM STROMA_WEB_FILES PREPEND ${STROMA_WEB_DIST}/)

add_custom_command(
  OUTPUT ${STROMA_WEB_DIST}/installed
  COMMAND ${CMAKE_COMMAND} -DNPM=${STROMA_NPM} -DWEB=${STROMA_WEB} -P ${CMAKE_SOURCE_DIR}/cmake/npm_install.cmake
  COMMAND ${CMAKE_COMMAND} -E make_directory ${STROMA_WEB_DIST}
  COMMAND ${CMAKE_COMMAND} -E touch ${STROMA_WEB_DIST}/installed
  DEPENDS ${STROMA_WEB}/package-lock.json ${CMAKE_SOURCE_DIR}/cmake/npm_install.cmake
  COMMENT "Front end: npm packages" VERBATIM)
add_custom_command(
  OUTPUT ${STROMA_WEB_FILES}
  COMMAND ${STROMA_NODE} ${STROMA_WEB}/build.mjs ${STROMA_WEB_DIST}
  DEPENDS ${STROMA_WEB_DIST}/installed ${STROMA_WEB_SOURCES} ${STROMA_WEB}/build.mjs
  COMMENT "Front end: bundle" VERBATIM)
add_custom_target(stroma_web DEPENDS ${STROMA_WEB_FILES})

if(TARGET stroma_report)
  get_target_property(kind stroma_report TYPE)
  if(NOT kind STREQUAL "INTERFACE_LIBRARY")
    stroma_embed(stroma_report stroma::report::assets
      template_html=${STROMA_WEB_DIST}/template.html
      report_css=${STROMA_WEB_DIST}/report.css
      report_js=${STROMA_WEB_DIST}/report.js)
    stroma_embed(stroma_store stroma::store::assets render_cjs=${STROMA_WEB_DIST}/render.cjs)
    add_dependencies(stroma_report stroma_web)
    add_dependencies(stroma_store stroma_web)
  endif()
endif()

# The page in a real browser, made-up and hostile; the scripts' types.
if(STROMA_TESTS)
  find_program(STROMA_CHROMIUM NAMES chromium chromium-browser google-chrome)
  add_test(NAME browser.demo_report COMMAND ${CMAKE_COMMAND}
    -DNODE=${STROMA_NODE} -DCHROMIUM=${STROMA_CHROMIUM} -DMAKE_PAGES=$<TARGET_FILE:test_report>
    -DSCRIPT=${CMAKE_SOURCE_DIR}/tests/browser/report.test.mjs -DPAGES=${CMAKE_BINARY_DIR}/report-demo
    -P ${CMAKE_SOURCE_DIR}/tests/browser/demo_report.cmake)
  add_test(NAME web.types COMMAND ${STROMA_NODE} ${STROMA_WEB}/node_modules/typescript/bin/tsc --noEmit -p ${STROMA_WEB})
  set_tests_properties(browser.demo_report web.types PROPERTIES LABELS web TIMEOUT 900)
endif()
