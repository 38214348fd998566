target_link_libraries(stroma_store PRIVATE SQLite::SQLite3 nlohmann_json::nlohmann_json)
