target_include_directories(stroma_imaging SYSTEM PRIVATE ${OPENCV_INCLUDE})
    target_link_libraries(stroma_imaging PRIVATE ${OPENCV_IMGPROC_LIBRARY} ${OPENCV_CORE_LIBRARY})
