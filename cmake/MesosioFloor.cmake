# mesosio_add_floor(NAME SOURCES... ) makes the OBJECT library mesosio_NAME of one floor of the house.
# A floor's files include "floor/file.hpp" (private) and <mesosio/file.hpp> (public); which floor may include
# which is enforced by tests/layering, since archives and object files would not notice.
add_library(mesosio_floor INTERFACE)
target_include_directories(mesosio_floor INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  $<INSTALL_INTERFACE:include>)
target_compile_features(mesosio_floor INTERFACE cxx_std_20)
target_compile_definitions(mesosio_floor INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)

function(mesosio_add_floor name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(mesosio_${name} OBJECT ${arg_SOURCES})
  target_link_libraries(mesosio_${name} PUBLIC mesosio_floor mesosio_messages
    Boost::headers Boost::url spdlog::spdlog OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${arg_LINK})
  mesosio_warnings(mesosio_${name})
endfunction()
