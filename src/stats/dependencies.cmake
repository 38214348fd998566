target_link_libraries(stroma_stats PRIVATE Ceres::ceres Boost::headers ${MUPARSER_LIBRARY})
target_include_directories(stroma_stats SYSTEM PRIVATE ${MUPARSER_INCLUDE})
