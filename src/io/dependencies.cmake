target_link_libraries(stroma_io PRIVATE tomlplusplus::tomlplusplus ZLIB::ZLIB)
target_include_directories(stroma_io SYSTEM PRIVATE ${HDF5_INCLUDE} ${PNG_INCLUDE} ${TIFF_INCLUDE} ${JPEG_INCLUDE} ${PUGIXML_INCLUDE})
target_link_libraries(stroma_io PRIVATE ${HDF5_LIBRARY} ${PNG_LIBRARY} ${TIFF_LIBRARY} ${JPEG_LIBRARY} ${PUGIXML_LIBRARY})
