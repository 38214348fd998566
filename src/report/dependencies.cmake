target_link_libraries(stroma_report PRIVATE nlohmann_json::nlohmann_json)
# Nothing here is hot, and -O2 spends half of its time on JSON initialisers.
target_compile_options(stroma_report PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
