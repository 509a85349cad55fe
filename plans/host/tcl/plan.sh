pkg_name=tcl
pkg_description="The Tcl of this machine"
host_programs=(tclsh)
host_headers=(tcl.h tcl)
pkg_interpreters=(bin/tclsh)
pkg_version=$(echo 'puts [info patchlevel]' | tclsh 2>/dev/null || true)
pkg_version=${pkg_version:-0}

source "${BASH_SOURCE[0]%/*}/../host.sh"
