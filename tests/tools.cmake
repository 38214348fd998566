# Tests that are programs rather than GoogleTest: the architecture, the form of the sources, clang-tidy, the command line,
# the tutorials, and a report in a browser.
find_program(STROMA_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)  # the distribution's, whatever comes first on PATH
find_program(STROMA_PYTHON NAMES python3 REQUIRED)
find_program(STROMA_BASH NAMES bash REQUIRED)
set(STROMA_TOOLS ${CMAKE_SOURCE_DIR}/tools)
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)

add_test(NAME tools.layers COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_layers ${CMAKE_SOURCE_DIR})
add_test(NAME tools.layers_selftest COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_layers --self-test)
add_test(NAME tools.walls COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_walls ${CMAKE_BINARY_DIR})
add_test(NAME tools.structure COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_structure ${CMAKE_SOURCE_DIR})
add_test(NAME tools.links COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_links ${CMAKE_SOURCE_DIR})
add_test(NAME tools.links_selftest COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_links --self-test)
add_test(NAME tools.versions COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_versions ${CMAKE_SOURCE_DIR} $<TARGET_FILE:stroma>)
add_test(NAME tools.options COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_options ${CMAKE_SOURCE_DIR})
add_test(NAME tools.options_selftest COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_options --self-test)
add_test(NAME tools.packages COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_packages ${CMAKE_SOURCE_DIR})
add_test(NAME tools.setup COMMAND ${STROMA_BASH} ${CMAKE_CURRENT_SOURCE_DIR}/tools/setup_test.sh)
add_test(NAME tools.format COMMAND ${STROMA_BASH} ${STROMA_TOOLS}/format)
set_tests_properties(tools.layers tools.layers_selftest tools.walls tools.structure tools.links tools.links_selftest tools.versions tools.options tools.options_selftest tools.packages tools.setup tools.format PROPERTIES LABELS tools TIMEOUT 120)

# Sanitized builds hold the same sources: once is enough.
if(NOT STROMA_SANITIZE)
  # What differs from the main branch; everything in the nightly tests.
  add_test(NAME tools.tidy COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/tidy ${CMAKE_BINARY_DIR} --changed)
  set_tests_properties(tools.tidy PROPERTIES LABELS tools TIMEOUT 3000 PROCESSORS ${cores} COST 1000)
  add_test(NAME tools.tidy_all COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/tidy ${CMAKE_BINARY_DIR} --all)
  set_tests_properties(tools.tidy_all PROPERTIES LABELS nightly TIMEOUT 6000 PROCESSORS ${cores})
endif()

# A slower program is noticed by its instructions, which no other work on the machine changes.
if(TARGET bench_counts AND TARGET stroma AND NOT STROMA_SANITIZE)
  add_test(NAME perf.counts COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/check_counts ${CMAKE_BINARY_DIR})
  set_tests_properties(perf.counts PROPERTIES LABELS perf TIMEOUT 900 PROCESSORS ${cores} SKIP_RETURN_CODE 77)
endif()

# Every reader is fuzzed under sanitizers: shortly here, for long in the nightly tests.
if(NOT STROMA_SANITIZE)
  add_test(NAME fuzz.readers COMMAND ${STROMA_BASH} ${STROMA_TOOLS}/fuzz 5)
  add_test(NAME fuzz.readers_long COMMAND ${STROMA_BASH} ${STROMA_TOOLS}/fuzz 600)
  set_tests_properties(fuzz.readers fuzz.readers_long PROPERTIES LABELS fuzz PROCESSORS ${cores} RESOURCE_LOCK fuzz)
  set_tests_properties(fuzz.readers PROPERTIES TIMEOUT 1500)
  set_tests_properties(fuzz.readers_long PROPERTIES TIMEOUT 12000 LABELS nightly)
endif()

if(TARGET stroma)
  # Each script is one test; it looks at exit codes, messages and files.
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cli/*.sh)
  list(FILTER scripts EXCLUDE REGEX "/lib\\.sh$")
  set(patience 600)
  if(STROMA_SANITIZE)
    set(patience 3000)  # some five times slower
  endif()
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME_WE)
    add_test(NAME cli.${name} COMMAND ${STROMA_BASH} ${script})
    set_tests_properties(cli.${name} PROPERTIES LABELS cli TIMEOUT ${patience} ENVIRONMENT "STROMA=$<TARGET_FILE:stroma>")
  endforeach()
  set_tests_properties(cli.analyse_pictures PROPERTIES
    ENVIRONMENT "STROMA=$<TARGET_FILE:stroma>;MAKE_PICTURES=$<TARGET_FILE:make_pictures>")
  set_tests_properties(cli.cases_pictures PROPERTIES
    ENVIRONMENT "STROMA=$<TARGET_FILE:stroma>;MAKE_CASE_PICTURES=$<TARGET_FILE:make_case_pictures>")

  set_tests_properties(cli.schema cli.idle cli.idle_space cli.grammar PROPERTIES ENVIRONMENT "STROMA=$<TARGET_FILE:stroma>;PYTHON=${STROMA_PYTHON}")
  add_test(NAME tools.key_tables COMMAND ${STROMA_PYTHON} ${STROMA_TOOLS}/key_tables --check $<TARGET_FILE:stroma> ${CMAKE_SOURCE_DIR})
  set_tests_properties(tools.key_tables PROPERTIES LABELS tools TIMEOUT 120)

  # Every command of the tutorials, as a reader would type it.
  file(GLOB tutorials CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/tutorials/*.md)
  foreach(tutorial IN LISTS tutorials)
    get_filename_component(name ${tutorial} NAME_WE)
    add_test(NAME tutorial.${name} COMMAND ${STROMA_BASH} ${STROMA_TOOLS}/run_tutorials ${tutorial})
    set_tests_properties(tutorial.${name} PROPERTIES LABELS tutorial TIMEOUT 600 ENVIRONMENT "STROMA=$<TARGET_FILE:stroma>")
  endforeach()
endif()

# What an outsider does: install, move, run, build against.
if(TARGET stroma AND NOT STROMA_SANITIZE)
  add_test(NAME extension.installed COMMAND ${STROMA_BASH} ${CMAKE_CURRENT_SOURCE_DIR}/extension/installed.sh ${CMAKE_BINARY_DIR})
  set_tests_properties(extension.installed PROPERTIES LABELS extension TIMEOUT 600)
endif()

# A report as the program writes it, in a real browser at 1400 and at 400 pixels (cmake/web.cmake tests a made-up one).
find_program(STROMA_CHROMIUM NAMES chromium chromium-browser google-chrome)
if(TARGET stroma AND STROMA_CHROMIUM)
  set(study ${CMAKE_BINARY_DIR}/browser-study)
  add_test(NAME browser.study COMMAND stroma reproduce ${CMAKE_CURRENT_SOURCE_DIR}/cli/pair --quick --force --quiet -o ${study})
  set_tests_properties(browser.study PROPERTIES LABELS browser FIXTURES_SETUP study_report TIMEOUT 120)
  add_test(NAME browser.study_report COMMAND ${STROMA_NODE} ${CMAKE_CURRENT_SOURCE_DIR}/browser/report.test.mjs ${study}/report.html)
  set_tests_properties(browser.study_report PROPERTIES LABELS browser FIXTURES_REQUIRED study_report TIMEOUT 900
    ENVIRONMENT "STROMA_CHROMIUM=${STROMA_CHROMIUM}")
endif()
