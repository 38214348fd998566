target_link_libraries(stroma_network PRIVATE ${HWY_LIBRARY})
