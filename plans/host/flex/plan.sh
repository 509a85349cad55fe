pkg_name=flex
pkg_description="The flex of this machine"
host_programs=(flex flex++ lex=flex)
host_headers=(FlexLexer.h)
host_libraries=(fl)

source "${BASH_SOURCE[0]%/*}/../host.sh"
