pkg_name=bison
pkg_description="The bison of this machine"
host_programs=(bison yacc)

source "${BASH_SOURCE[0]%/*}/../host.sh"
