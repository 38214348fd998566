# `cmake --install`: the program, its data in share/stroma, and the modules as a CMake package:
#   find_package(Stroma REQUIRED)
#   target_link_libraries(mine PRIVATE Stroma::study)
# An outsider sees the headers of all modules (include/stroma); the walls are the affair of this tree.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(modules GLOBAL PROPERTY STROMA_MODULES)
list(FILTER modules EXCLUDE REGEX "^(cli)$")  # a door, not a library
foreach(module IN LISTS modules)
  set_target_properties(stroma_${module} PROPERTIES EXPORT_NAME ${module})
  target_include_directories(stroma_${module} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/stroma>)
  target_compile_features(stroma_${module} INTERFACE cxx_std_20)
  install(TARGETS stroma_${module} EXPORT StromaTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/stroma COMPONENT library)
  install(DIRECTORY src/${module}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/stroma/${module} COMPONENT library FILES_MATCHING PATTERN "*.hpp")
endforeach()
# What the static libraries are linked with.
install(TARGETS stroma_options EXPORT StromaTargets)
foreach(part cells fields tissue cases)
  install(TARGETS stroma_bench_${part} EXPORT StromaTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/stroma COMPONENT library)
endforeach()
if(TARGET stroma)
  install(TARGETS stroma RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY models experiments data DESTINATION ${CMAKE_INSTALL_DATADIR}/stroma)
install(FILES LICENSE NOTICE CITATION.cff CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Stroma)
install(EXPORT StromaTargets NAMESPACE Stroma:: DESTINATION ${package} COMPONENT library)
configure_package_config_file(cmake/StromaConfig.cmake.in ${CMAKE_BINARY_DIR}/StromaConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/StromaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/StromaConfig.cmake ${CMAKE_BINARY_DIR}/StromaConfigVersion.cmake DESTINATION ${package} COMPONENT library)
