target_link_libraries(stroma_cli PRIVATE nlohmann_json::nlohmann_json ${HWY_LIBRARY})
target_compile_definitions(stroma_cli PUBLIC STROMA_VERSION="${PROJECT_VERSION}"
  PRIVATE STROMA_DATA_FOLDER="${CMAKE_SOURCE_DIR}")
target_link_libraries(stroma_cli PRIVATE stroma_bench_cases)
