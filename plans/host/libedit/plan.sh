pkg_name=libedit
pkg_description="libedit of this machine"
host_headers=(histedit.h editline)
host_libraries=(edit)
host_pconfig=(libedit)

source "${BASH_SOURCE[0]%/*}/../host.sh"
