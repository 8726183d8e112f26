# SPDX-License-Identifier: GPL-3.0-or-later
# A layer is a folder. It is compiled with include paths that hold only itself and the layers it is
# built on: each path is a folder of the build tree with a single link to the source folder, so
# that #include "solver/engine.h" is found only by who links kv_solver.

add_library(kv_settings INTERFACE)
target_compile_definitions(kv_settings INTERFACE _XOPEN_SOURCE=700)
target_compile_options(kv_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wold-style-definition -Wundef -Wpointer-arith -Wwrite-strings -Wvla
  -Wformat=2 -Wno-missing-field-initializers -ffp-contract=off)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(kv_settings INTERFACE -Wlogical-op -Wduplicated-cond)
endif()
if(KVARKEN_WERROR)
  target_compile_options(kv_settings INTERFACE -Werror)
endif()
if(KVARKEN_SANITIZE)
  set(sanitize -fsanitize=${KVARKEN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(kv_settings INTERFACE ${sanitize} -O1)
  target_link_options(kv_settings INTERFACE ${sanitize})
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU") # instrumented code confuses its flow analysis
    target_compile_options(kv_settings INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(KVARKEN_COVERAGE)
  target_compile_options(kv_settings INTERFACE --coverage -fprofile-update=atomic -O1)
  target_link_options(kv_settings INTERFACE --coverage)
endif()

# With clang and sanitizers the fuzz programs are libFuzzer's; otherwise our driver runs them.
set(KVARKEN_LIBFUZZER OFF)
if(CMAKE_C_COMPILER_ID MATCHES "Clang" AND KVARKEN_SANITIZE)
  include(CheckCSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer)
  check_c_source_compiles(
    "#include <stddef.h>
     int LLVMFuzzerTestOneInput(const unsigned char *d, size_t n) { return d && n ? 0 : 0; }"
    KVARKEN_HAS_LIBFUZZER)
  unset(CMAKE_REQUIRED_FLAGS)
  set(KVARKEN_LIBFUZZER ${KVARKEN_HAS_LIBFUZZER})
  if(KVARKEN_LIBFUZZER AND BUILD_TESTING)
    target_compile_options(kv_settings INTERFACE -fsanitize=fuzzer-no-link)
  endif()
endif()

# kv_layer(folder SOURCES files LAYERS below EXTERNAL libraries)
# kv_<name> with name = the last part of folder. Without sources it is only a set of headers.
function(kv_layer folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;LAYERS;EXTERNAL" ${ARGN})
  get_filename_component(name ${folder} NAME)
  set(view "${PROJECT_BINARY_DIR}/layers/${name}")
  get_filename_component(parent "${view}/${folder}" DIRECTORY)
  file(MAKE_DIRECTORY "${parent}")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${folder}" "${view}/${folder}" SYMBOLIC)
  set(kind PUBLIC)
  if(ARG_SOURCES)
    add_library(kv_${name} OBJECT ${ARG_SOURCES})
    target_link_libraries(kv_${name} PRIVATE kv_settings)
  else()
    add_library(kv_${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(kv_${name} ${kind}
    "${view}" "${PROJECT_BINARY_DIR}/generated")
  target_link_libraries(kv_${name} ${kind} ${ARG_LAYERS} ${ARG_EXTERNAL})
endfunction()

# kv_library(name layers...): all layers in one library.
function(kv_library name)
  set(objects)
  set(includes)
  foreach(layer ${ARGN})
    if(TARGET ${layer})
      get_target_property(type ${layer} TYPE)
      get_target_property(own ${layer} INTERFACE_INCLUDE_DIRECTORIES)
      list(APPEND includes ${own})
      if(type STREQUAL "OBJECT_LIBRARY")
        list(APPEND objects $<TARGET_OBJECTS:${layer}>)
      endif()
    endif()
  endforeach()
  list(REMOVE_DUPLICATES includes)
  add_library(${name} ${objects})
  target_link_libraries(${name} PUBLIC ${KVARKEN_DEPENDENCIES})
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:kv_settings>)
  foreach(directory ${includes})
    target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${directory}>)
  endforeach()
  set_target_properties(${name} PROPERTIES OUTPUT_NAME kvarken EXPORT_NAME kvarken
    LINKER_LANGUAGE C VERSION ${PROJECT_VERSION} SOVERSION 0)
endfunction()
