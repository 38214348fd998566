# The program itself; src/cli is thin.
if(EXISTS ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  add_executable(stroma ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  stroma_use(stroma cli)
  set_target_properties(stroma PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endif()
