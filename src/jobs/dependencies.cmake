target_link_libraries(stroma_jobs PUBLIC nlohmann_json::nlohmann_json PRIVATE ${HWY_LIBRARY})
# Only where it is read: a path of this checkout in every command line would keep compiler caches from being shared.
set_source_files_properties(src/jobs/paths.cpp PROPERTIES COMPILE_DEFINITIONS STROMA_DATA_FOLDER="${CMAKE_SOURCE_DIR}")
target_link_libraries(stroma_jobs PRIVATE stroma_bench_cases)
