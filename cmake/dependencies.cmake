# SPDX-License-Identifier: GPL-3.0-or-later
# The libraries that Kvarken stands on, as targets kvarken::<name>. Also used by the installed
# package.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig QUIET)

# kv_dependency(name header library debian-package [subfolders to look in])
function(kv_dependency name header library package)
  if(TARGET kvarken::${name})
    return()
  endif()
  if(PkgConfig_FOUND)
    pkg_check_modules(PC_${name} QUIET ${name})
  endif()
  find_path(KVARKEN_${name}_INCLUDE ${header}
    HINTS ${PC_${name}_INCLUDE_DIRS} PATH_SUFFIXES ${ARGN})
  find_library(KVARKEN_${name}_LIBRARY ${library}
    HINTS ${PC_${name}_LIBRARY_DIRS} PATH_SUFFIXES ${ARGN})
  mark_as_advanced(KVARKEN_${name}_INCLUDE KVARKEN_${name}_LIBRARY)
  if(NOT KVARKEN_${name}_INCLUDE OR NOT KVARKEN_${name}_LIBRARY)
    message(FATAL_ERROR
      "Kvarken needs ${name} (header ${header}, library ${library}), which is not installed. "
      "On Debian and Ubuntu: apt-get install ${package}")
  endif()
  add_library(kvarken::${name} UNKNOWN IMPORTED)
  set_target_properties(kvarken::${name} PROPERTIES
    IMPORTED_LOCATION "${KVARKEN_${name}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${KVARKEN_${name}_INCLUDE}")
endfunction()

kv_dependency(glpk glpk.h glpk libglpk-dev)
kv_dependency(openblas cblas.h openblas libopenblas-dev openblas-pthread openblas)
kv_dependency(libcsv csv.h csv libcsv-dev)
kv_dependency(jansson jansson.h jansson libjansson-dev)
kv_dependency(gmp gmp.h gmp libgmp-dev)
kv_dependency(libxml2 libxml/parser.h xml2 libxml2-dev libxml2)

set(KVARKEN_DEPENDENCIES kvarken::glpk kvarken::openblas kvarken::libcsv kvarken::jansson
  kvarken::gmp kvarken::libxml2 Threads::Threads m)
