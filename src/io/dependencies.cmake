target_link_libraries(stroma_io PRIVATE tomlplusplus::tomlplusplus SQLite::SQLite3 ZLIB::ZLIB nlohmann_json::nlohmann_json)
