# Warnings, sanitizers and floating-point semantics shared by every target.
# -ffp-contract=off: a fused multiply-add that appears in one compiler and not in another would change the
# state hash; kernels that want one ask for it by name.
# -Wno-maybe-uninitialized: g++ 12 reports it for every std::variant and JSON value that it inlines.
add_library(stroma_options INTERFACE)
target_compile_options(stroma_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -ffp-contract=off
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${STROMA_WERROR}>:-Werror>)
if(STROMA_SANITIZE)
  target_compile_options(stroma_options INTERFACE -fsanitize=${STROMA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(stroma_options INTERFACE -fsanitize=${STROMA_SANITIZE})
endif()
find_program(STROMA_CCACHE ccache)
if(STROMA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${STROMA_CCACHE})
endif()
