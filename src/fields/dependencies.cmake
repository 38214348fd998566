target_link_libraries(stroma_fields PRIVATE ${HWY_LIBRARY})
