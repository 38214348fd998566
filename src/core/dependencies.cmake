target_include_directories(stroma_core SYSTEM PUBLIC ${RANDOM123_INCLUDE})
target_link_libraries(stroma_core PUBLIC fmt::fmt OpenMP::OpenMP_CXX PRIVATE ${XXHASH_LIBRARY})
# The one file that is compiled anew when the version changes.
configure_file(${CMAKE_SOURCE_DIR}/src/core/version.cpp.in ${CMAKE_BINARY_DIR}/version.cpp @ONLY)
target_sources(stroma_core PRIVATE ${CMAKE_BINARY_DIR}/version.cpp)
