# SPDX-License-Identifier: GPL-3.0-or-later
# Library, headers, program, manual page, bundled cases, pkg-config file and CMake package.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/kvarken")

install(TARGETS libkvarken EXPORT kvarken-targets
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/kvarken")
if(TARGET kvarken)
  install(TARGETS kvarken)
endif()

# Headers keep their folders: #include "base/status.h" with -I include/kvarken.
foreach(folder base instances formulations solver reports)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
    "${PROJECT_SOURCE_DIR}/${folder}/*.h" "${PROJECT_SOURCE_DIR}/${folder}/*/*.h")
  foreach(header ${headers})
    get_filename_component(directory "${header}" DIRECTORY)
    install(FILES "${PROJECT_SOURCE_DIR}/${header}"
      DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/kvarken/${directory}")
  endforeach()
endforeach()
install(FILES "${PROJECT_BINARY_DIR}/generated/base/version.h"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/kvarken/base")

install(FILES "${PROJECT_SOURCE_DIR}/docs/kvarken.1"
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")

# A bundled case is a folder of tables.
file(GLOB cases CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/instances/*/case.csv")
foreach(case ${cases})
  get_filename_component(folder "${case}" DIRECTORY)
  install(DIRECTORY "${folder}" DESTINATION "${CMAKE_INSTALL_DATADIR}/kvarken/instances")
endforeach()

set(pc_libs "-lkvarken")
set(pc_private "-lglpk -lcsv -lm -pthread")
if(BUILD_SHARED_LIBS)
  set(pc_requires "")
  set(pc_requires_private "openblas jansson gmp libxml-2.0")
else()
  set(pc_requires "openblas jansson gmp libxml-2.0")
  set(pc_requires_private "")
  set(pc_libs "${pc_libs} ${pc_private}")
  set(pc_private "")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/kvarken.pc.in"
  "${PROJECT_BINARY_DIR}/generated/kvarken.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/generated/kvarken.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(EXPORT kvarken-targets NAMESPACE kvarken:: DESTINATION "${package_dir}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/kvarken-config.cmake.in"
  "${PROJECT_BINARY_DIR}/generated/kvarken-config.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/generated/kvarken-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/generated/kvarken-config.cmake"
  "${PROJECT_BINARY_DIR}/generated/kvarken-config-version.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake"
  DESTINATION "${package_dir}")
