# stroma_module(name others...): a static library of every *.cpp below src/<name>, main.cpp aside.
#
# A module is compiled with its own headers and those of the modules that its line names, and no others: each module's headers are reached
# through a folder of their own (build/include/<module>/<module> -> src/<module>), and these folders are nobody's usage requirement.
# Linking is transitive, including is not. Targets that are no modules say what they include by stroma_see.
function(stroma_module name)
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${name} ${root}/${name} SYMBOLIC)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set_property(GLOBAL APPEND PROPERTY STROMA_MODULES ${name})
  set_property(GLOBAL PROPERTY STROMA_LINE_${name} ${name} ${ARGN})
  set(others ${ARGN})
  list(TRANSFORM others PREPEND stroma_)
  add_library(stroma_${name} STATIC ${sources})
  # Nobody replaces a function of a module when it is loaded, so the compiler may inline as if it were no shared library: bench/counts.csv.
  target_compile_options(stroma_${name} PRIVATE -fno-semantic-interposition)
  stroma_see(stroma_${name} ${name} ${ARGN})
  target_link_libraries(stroma_${name} PUBLIC ${others} PRIVATE stroma_options)
  include(${CMAKE_SOURCE_DIR}/src/${name}/dependencies.cmake OPTIONAL)
endfunction()

# stroma_see(target modules...): `target` may include the headers of these modules.
function(stroma_see target)
  foreach(module IN LISTS ARGN)
    target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/include/${module})
  endforeach()
endfunction()

# stroma_line(variable modules...): these modules and all that their lines name.
function(stroma_line variable)
  set(line ${ARGN})
  foreach(module IN LISTS ARGN)
    get_property(others GLOBAL PROPERTY STROMA_LINE_${module})
    list(APPEND line ${others})
  endforeach()
  list(REMOVE_DUPLICATES line)
  set(${variable} ${line} PARENT_SCOPE)
endfunction()

# stroma_use(target modules...): `target` is built of these modules, as one of them would be: it links them and includes what their lines name.
function(stroma_use target)
  stroma_line(line ${ARGN})
  stroma_see(${target} ${line})
  set(libraries ${ARGN})
  list(TRANSFORM libraries PREPEND stroma_)
  target_link_libraries(${target} PRIVATE ${libraries} stroma_options)
endfunction()
