target_link_libraries(stroma_stats PRIVATE Ceres::ceres Boost::headers)
