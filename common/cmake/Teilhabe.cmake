# How everything in this repository is built: one library per folder, sources listed by hand, links by alias.
include(GoogleTest)

find_program(TEILHABE_CCACHE ccache)
if(TEILHABE_CCACHE)
  # Paths are seen from the checkout, so that every checkout shares what the cache knows.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${TEILHABE_CCACHE})
endif()
find_program(TEILHABE_MOLD mold)
if(TEILHABE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
if(TEILHABE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(TEILHABE_RULE_SWITCH)
  add_compile_definitions(TEILHABE_RULE_SWITCH)
endif()

# The warnings of our own code; generated code is included as SYSTEM and compiled without them.
set(TEILHABE_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

function(teilhabe_target_ name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${TEILHABE_WARNINGS})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
endfunction()

# teilhabe_library(NAME SRCS a.cc a.h DEPS teilhabe::base): a static library with the alias teilhabe::NAME.
function(teilhabe_library name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SRCS})
  add_library(teilhabe::${name} ALIAS ${name})
  teilhabe_target_(${name} DEPS ${ARG_DEPS})
endfunction()

# teilhabe_binary(NAME SRCS main.cc DEPS ...): a program in bin/.
function(teilhabe_binary name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  teilhabe_target_(${name} DEPS ${ARG_DEPS})
endfunction()

# teilhabe_test(NAME SRCS a_test.cc DEPS ...): each case is one ctest test, run with `ctest --preset dev`.
function(teilhabe_test name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  teilhabe_target_(${name} DEPS ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTIES TIMEOUT 300)
endfunction()

# teilhabe_proto(NAME [GRPC] ROOT dir PROTOS a.proto DEPS ...): generated code as a library teilhabe::NAME.
# Paths of PROTOS are relative to ROOT. With GRPC the service stubs are generated too.
function(teilhabe_proto name)
  cmake_parse_arguments(ARG "GRPC" "ROOT" "PROTOS;IMPORTS;DEPS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/generated)
  set(sources)
  set(includes -I ${ARG_ROOT})
  foreach(import ${ARG_IMPORTS})
    list(APPEND includes -I ${import})
  endforeach()
  foreach(proto ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(made ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(plugin)
    if(ARG_GRPC)
      list(APPEND made ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      set(plugin --grpc_out ${out} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(OUTPUT ${made}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
      COMMAND protobuf::protoc ${includes} --cpp_out ${out} ${plugin} ${proto}
      DEPENDS ${ARG_ROOT}/${proto} VERBATIM)
    list(APPEND sources ${made})
  endforeach()
  # Linked whole: a file that holds only a service has no symbol that anybody needs, yet reflection needs its descriptor.
  add_library(${name}_code STATIC ${sources})
  target_include_directories(${name}_code SYSTEM PUBLIC ${out})
  target_link_libraries(${name}_code PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if(ARG_GRPC)
    target_link_libraries(${name}_code PUBLIC gRPC::grpc++)
  endif()
  add_library(${name} INTERFACE)
  add_library(teilhabe::${name} ALIAS ${name})
  target_link_libraries(${name} INTERFACE $<LINK_LIBRARY:WHOLE_ARCHIVE,${name}_code>)
endfunction()

# teilhabe_embed(NAME FILES a.csv ...): the files' bytes inside the program, as teilhabe::NAME, which declares in
# "embedded/NAME.h" one function `std::string_view <stem>_<extension>()` per file in namespace teilhabe::embedded::NAME.
function(teilhabe_embed name)
  cmake_parse_arguments(ARG "" "" "FILES" ${ARGN})
  set(dir ${CMAKE_BINARY_DIR}/generated/embedded)
  set(asm ".section .rodata\n")
  set(header "#pragma once\n#include <string_view>\nnamespace teilhabe::embedded::${name} {\n")
  set(code "#include \"embedded/${name}.h\"\n")
  set(body "")
  set(inputs)
  foreach(file ${ARG_FILES})
    get_filename_component(path ${file} ABSOLUTE)
    get_filename_component(base ${file} NAME)
    string(MAKE_C_IDENTIFIER ${base} id)
    list(APPEND inputs ${path})
    set(symbol teilhabe_embedded_${name}_${id})
    string(APPEND asm ".global ${symbol}\n.global ${symbol}_end\n${symbol}:\n.incbin \"${path}\"\n${symbol}_end:\n.byte 0\n")
    string(APPEND header "std::string_view ${id}();\n")
    string(APPEND code "extern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n")
    string(APPEND body "std::string_view ${id}() { return {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}; }\n")
  endforeach()
  string(APPEND asm ".section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT ${dir}/${name}.S CONTENT "${asm}" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/${name}.h CONTENT "${header}}\n" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/${name}.cc CONTENT "${code}namespace teilhabe::embedded::${name} {\n${body}}\n" @ONLY)
  add_library(embed_${name} STATIC ${dir}/${name}.S ${dir}/${name}.cc)
  add_library(teilhabe::embed_${name} ALIAS embed_${name})
  set_source_files_properties(${dir}/${name}.S PROPERTIES OBJECT_DEPENDS "${inputs}")
  target_include_directories(embed_${name} SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/generated)
endfunction()
