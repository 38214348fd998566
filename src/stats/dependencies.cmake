target_link_libraries(stroma_stats PRIVATE Ceres::ceres Boost::headers ${MUPARSER_LIBRARY})
target_include_directories(stroma_stats SYSTEM PRIVATE ${MUPARSER_INCLUDE})
# Eigen's own threads would sit below those of whoever calls.
target_compile_definitions(stroma_stats PRIVATE EIGEN_DONT_PARALLELIZE)
