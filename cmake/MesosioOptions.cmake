# Compiler settings that every target of this project shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(MESOSIO_SANITIZE "" CACHE STRING "Sanitizers to build with: address, undefined, thread, fuzzer-no-link (comma separated)")
if(MESOSIO_SANITIZE)
  add_compile_options(-fsanitize=${MESOSIO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MESOSIO_SANITIZE})
  if(MESOSIO_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio's fences come with mutexes that the sanitizer does see.
    add_compile_options(-Wno-tsan)
  endif()
endif()

# clang-tidy's rules are part of the command line, so that a build after a change of the rules checks everything again.
if(CMAKE_CXX_CLANG_TIDY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.clang-tidy")
  file(SHA256 "${PROJECT_SOURCE_DIR}/.clang-tidy" tidy_rules)
  add_compile_definitions(MESOSIO_TIDY_RULES="${tidy_rules}")
endif()

# Applies the warnings to one of our own targets; generated code is left alone.
function(mesosio_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wold-style-cast -Wcast-align
    -Woverloaded-virtual -Wconversion -Wno-sign-conversion -Wextra-semi)
  if(MESOSIO_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
