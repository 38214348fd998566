target_link_libraries(stroma_cells PRIVATE ${HWY_LIBRARY})
