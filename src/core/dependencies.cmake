target_include_directories(stroma_core SYSTEM PUBLIC ${RANDOM123_INCLUDE})
target_link_libraries(stroma_core PUBLIC fmt::fmt OpenMP::OpenMP_CXX PRIVATE ${XXHASH_LIBRARY})
